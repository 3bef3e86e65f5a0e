import { once } from 'node:events';
import { createServer } from 'node:net';
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
    ['missing', () => join(openTempDir(), 'missing.json'), 'no such file, and it is not an IP, URL or domain'],
    [
      'a part of its path is a file',
      () => join(writeTempFile('a.json', '[]'), 'b.json'),
      'a part of the path is not a directory, and it is not an IP, URL or domain',
    ],
    ['unreadable', () => '/proc/self/mem', 'EIO: i/o error, read'],
  ])('%s', async (_what, toPath, reason) => {
    const path = toPath();
    expect(await observe([goodFile(), path])).toEqual(complaint(`cannot read ${path}: ${reason}`));
  });

  test('a socket', async () => {
    const path = join(openTempDir(), 'a.sock');
    const server = createServer().listen(path);
    await once(server, 'listening');
    expect(await observe([path])).toEqual(complaint(`cannot read ${path}: it is a socket`));
    server.close();
  });

  test('control characters in its name', async () => {
    expect(await observe(['no\u001B[2Jsuch.json'])).toEqual(
      complaint('cannot read no\uFFFD[2Jsuch.json: no such file, and it is not an IP, URL or domain'),
    );
  });
});

const CORRECT_ITEM = 'Correct it, or read all strings with --input-format records';
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
    [
      'a wrong item',
      'a.json',
      `[${item},${item},{"type":"ip"}]`,
      `: observables[2].value: expected a non-empty string. ${CORRECT_ITEM}`,
    ],
    [
      'a wrong line',
      'a.ndjson',
      `${item}\n${item}\n{type\n${item}\n`,
      ':3: invalid JSON. Correct the line, or read all strings with --input-format records',
    ],
    [
      'csv with an empty value',
      'a.csv',
      'type,value\nip,192.0.2.1\nip,\n',
      ':3: observable.value: expected a non-empty string. Correct the row, or read each cell as text with --input-format text',
    ],
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
    [`[${item},7]`, `stdin: observables[1]: expected an object with type and value. ${CORRECT_ITEM}`],
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
    expect(await observe(['-', '-'], { stdin: '192.0.2.1' })).toEqual(complaint('stdin can be read only once: give - only once'));
  });
});

test('a file that holds an empty array is an empty job, and is named', async () => {
  const path = writeTempFile('a.json', '[]');
  const stderr = `${path}: no observables found\n0 observables (0.0 s)\n`;
  expect(await observe([path])).toEqual({ status: 0, stdout: '{"data":{}}\n', stderr });
});

const event = '{"dest_ip":"192.0.2.1"}';
const attribute = '{"type":"ip-dst","value":"192.0.2.1"}';

describe('what a refusal says to do works:', () => {
  test.each<[what: string, args: readonly string[], text: string, complaint: string, then: readonly string[], changed?: string]>([
    [
      'a wrong item',
      [],
      `[${item},{"type":"ip"}]`,
      'observables[1].value: expected a non-empty string. Correct it, or read all strings with --input-format records',
      ['-i', 'records'],
    ],
    [
      'strings',
      [],
      '{"observables":["192.0.2.1"]}',
      'observables[0]: expected an object with type and value. Correct it, or read all strings with --input-format records',
      ['-i', 'records'],
    ],
    [
      'a cut line',
      [],
      `${item}\n${item.slice(0, 20)}`,
      '2: invalid JSON. Correct the line, or read all strings with --input-format records',
      ['-i', 'records'],
    ],
    ['forced STIX', ['-i', 'stix'], attribute, 'expected a STIX bundle, or STIX objects. Leave --input-format out', []],
    [
      'forced JSON',
      ['-i', 'json'],
      '{"a":"192.0.2.1"}',
      'expected an array of {type, value}, or an object with an "observables" array. Leave --input-format out',
      [],
    ],
    ['forced ndjson', ['-i', 'ndjson'], 'type,value\nip,192.0.2.1\n', '1: invalid JSON. Leave --input-format out', []],
    [
      'events as typed lines',
      ['-i', 'ndjson'],
      event,
      '1: observable.type: expected a non-empty string. Leave --input-format out',
      [],
    ],
    ['events as a document', ['-i', 'json'], `${event}\n${event}\n`, '2:1: invalid JSON; leave --input-format out', []],
    [
      'events with commas',
      [],
      `${event},\n${event},\n`,
      '1:24: invalid JSON; read it as text with --input-format text',
      ['-i', 'text'],
    ],
    [
      'arrays, one a line',
      [],
      `[${event}]\n[${event}]\n`,
      "2:1: invalid JSON; several documents: write one object per line (jq -c '.[]')",
      [],
      `${event}\n${event}\n`,
    ],
    [
      'arrays as STIX',
      ['-i', 'stix'],
      `[${event}]\n[${event}]\n`,
      "2:1: invalid JSON; several documents: write one object per line (jq -c '.[]'), and leave --input-format out",
      [],
      `${event}\n${event}\n`,
    ],
    [
      'documents over several lines',
      [],
      '{\n"a":"192.0.2.1"}\n{\n"a":1}',
      '3:1: invalid JSON; several documents: write one object per line (jq -c .)',
      [],
      '{"a":"192.0.2.1"}\n{"a":1}\n',
    ],
    [
      'fields of an array',
      ['--field', 'dest_ip'],
      `[\n${event}\n]`,
      "--field needs JSON lines: omit it, or make them with jq -c '.[]'",
      ['--field', 'dest_ip'],
      event,
    ],
    [
      'fields of an array on one line',
      ['--field', 'dest_ip'],
      `[${event}]`,
      "--field needs JSON lines: omit it, or make them with jq -c '.[]'",
      ['--field', 'dest_ip'],
      event,
    ],
    [
      'fields of an object',
      ['--field', 'dest_ip'],
      '{\n"dest_ip":"192.0.2.1"}',
      '--field needs JSON lines: omit it, or make them with jq -c .',
      ['--field', 'dest_ip'],
      event,
    ],
  ])('%s', async (_what, args, text, message, then, changed = text) => {
    const sample = ['observe', '--snapshot', 'sample', '-q', '--format', 'ndjson'];
    const refused = await runMain([...sample, ...args], { stdin: text });
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/^cct: stdin:/)]);
    expect(refused.stderr.replace(/^cct: stdin: ?/, '')).toBe(`${message}\n`);
    const read = await runMain([...sample, ...then], { stdin: changed });
    expect([read.status, read.stdout]).toEqual([0, expect.stringContaining('192.0.2.1')]);
  });
});
