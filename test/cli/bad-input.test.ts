import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../helpers/run-cct.ts';
import { openTempDir, runMain } from '../helpers/run-cct.ts';
import { asking, complaint, openTracker, toJson, writeTempFile } from './live.ts';

/** What `observe` does with these arguments; fails where the tracker got a request. */
async function observe(args: readonly string[], options: RunOptions = {}) {
  const tracker = await openTracker();
  const run = await runMain(['observe', ...asking(tracker), ...args], options);
  expect(tracker.requests).toEqual([]);
  return run;
}

const goodFile = () => writeTempFile('good.json', toJson(['ip', '192.0.2.1']));

describe('a file that cannot be read ends the run before the first lookup:', () => {
  test.each<[what: string, toPath: () => string, reason: string]>([
    ['missing', () => join(openTempDir(), 'missing.json'), 'no such file, and no IP, URL or domain'],
    [
      'a part of its path is a file',
      () => join(writeTempFile('a.json', '[]'), 'b.json'),
      'a part of the path is not a directory, and no IP, URL or domain',
    ],
    ['unreadable', () => '/proc/self/mem', 'EIO: i/o error, read'],
  ])('%s', async (_what, toPath, reason) => {
    const path = toPath();
    expect(await observe([goodFile(), path])).toEqual(complaint(`cannot read ${path}: ${reason}`));
  });

  test('control characters in its name', async () => {
    expect(await observe(['no\u001B[2Jsuch.json'])).toEqual(
      complaint('cannot read no\uFFFD[2Jsuch.json: no such file, and no IP, URL or domain'),
    );
  });
});

const item = '{"type":"ip","value":"192.0.2.1"}';
const notUtf8 = Buffer.concat([Buffer.from('[\n"'), Buffer.from([0xe9]), Buffer.from('"]')]);

// What else can be wrong with each format is tested in `input`.
describe('a file with something wrong in it ends the run before the first lookup, and names the place:', () => {
  test.each<[what: string, name: string, content: string | Buffer, complaint: string]>([
    ['nothing', 'a.json', '', ': the file is empty'],
    ['blanks only', 'a.txt', ' \n\n', ': the file is empty'],
    ['a byte order mark only', 'a.csv', '\uFEFF', ': the file is empty'],
    ['a byte that is not UTF-8', 'a.json', notUtf8, ':2: not UTF-8 text. Use --encoding NAME, for example windows-1252'],
    ['broken JSON', 'a.json', '[{"type":"ip",\n"value":}]', ':2:9: invalid JSON; read it as text with --input-format text'],
    ['a wrong item', 'a.json', `[${item},${item},{"type":"ip"}]`, ': observables[2].value: expected a non-empty string'],
    ['a wrong line', 'a.ndjson', `${item}\n${item}\n{type\n${item}\n`, ':3: invalid JSON'],
    ['csv with an empty value', 'a.csv', 'type,value\nip,192.0.2.1\nip,\n', ':3: observable.value: expected a non-empty string'],
  ])('%s', async (_what, name, content, message) => {
    const path = writeTempFile(name, content);
    expect(await observe([goodFile(), path])).toEqual(complaint(`${path}${message}`));
  });

  test('a missing column', async () => {
    const path = writeTempFile('a.csv', 'date,host\n1,192.0.2.1\n');
    expect(await observe([path, '--column', 'ioc'])).toEqual(
      complaint(`${path}:1: no column "ioc" (there are: date, host); use --column NAME, or --input-format text`),
    );
  });
});

describe('stdin', () => {
  test.each<[stdin: string | Buffer, complaint: string]>([
    ['[{]', 'stdin:1:3: invalid JSON; read it as text with --input-format text'],
    [`[${item},7]`, 'stdin: observables[1]: expected an object with type and value'],
    [Buffer.from([0x5b, 0x22, 0x0a, 0xff]), 'stdin:2: not UTF-8 text. Use --encoding NAME, for example windows-1252'],
  ])('with something wrong in it is named: %s', async (stdin, message) => {
    expect(await observe([], { stdin })).toEqual(complaint(message));
  });

  test('may break while it is read', async () => {
    const stdin = new Readable({
      read() {
        this.destroy(new Error('EIO: i/o error, read'));
      },
    });
    expect(await observe([], { stdin })).toEqual(complaint('cannot read stdin: EIO: i/o error, read'));
  });

  test.each(['', ' \n', '[]', '{"observables":[]}', 'nothing to see\n'])(
    'without observables is an empty job: %j',
    async (stdin) => {
      const stderr = 'stdin: no observables found\n0 observables (0.0 s)\n';
      expect(await observe([], { stdin })).toEqual({ status: 0, stdout: '{"data":{}}\n', stderr });
      expect(await observe(['-q'], { stdin })).toEqual({ status: 0, stdout: '{"data":{}}\n', stderr: '' });
    },
  );

  test.each([[[]], [['-']], [['-', '--ip', '192.0.2.1']]])('is not awaited on a terminal: %j', async (args) => {
    const run = await observe(args, { isTerminal: { stdin: true } });
    expect([run.status, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(/^cct: no input: name a value or a file, or pipe text in\nUsage: cct observe .*\n/);
    expect(run.stderr).toMatch(/\n {2}\$ cct observe 192\.0\.2\.1 [^]*\nMore: cct observe --help\n$/);
  });

  test('may be a terminal where it is not read', async () => {
    const run = await runMain(['observe', '--snapshot', 'sample', '--ip', '192.0.2.1'], { isTerminal: { stdin: true } });
    expect([run.status, run.stdout]).toEqual([0, '{"data":{}}\n']);
  });

  test('can be named once', async () => {
    expect(await observe(['-', '-'], { stdin: '192.0.2.1' })).toEqual(complaint('stdin can be read only once: name - once'));
  });
});

test('a file that holds an empty array is an empty job, and is named', async () => {
  const path = writeTempFile('a.json', '[]');
  const stderr = `${path}: no observables found\n0 observables (0.0 s)\n`;
  expect(await observe([path])).toEqual({ status: 0, stdout: '{"data":{}}\n', stderr });
});
