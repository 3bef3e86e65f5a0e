import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { openTempDir, runMain } from '../helpers/run-cct.ts';
import { asking, openTracker, toJson, writeTempFile } from './live.ts';

const complaint = (stderr: string) => ({ status: 2, stdout: '', stderr: `cct: ${stderr}\n` });

/** What `observe` does with these arguments, after a good file, and what of it the tracker saw. */
async function observe(...args: readonly string[]) {
  const tracker = await openTracker();
  const good = writeTempFile('good.json', toJson(['ip', '192.0.2.1']));
  const run = await runMain(['observe', ...asking(tracker), good, ...args]);
  return { run, requests: tracker.requests };
}

describe('a file that cannot be read is one line on stderr, exit 2, and nothing is asked:', () => {
  test('it is missing', async () => {
    const path = join(openTempDir(), 'missing.json');
    expect(await observe(path)).toEqual({ run: complaint(`cannot read ${path}: no such file`), requests: [] });
  });

  test('it is a folder', async () => {
    const path = join(openTempDir(), 'folder.json');
    mkdirSync(path);
    expect(await observe(path)).toEqual({ run: complaint(`cannot read ${path}: it is a directory`), requests: [] });
  });

  test('it cannot be read although it is there', async () => {
    expect(await observe('/proc/self/mem')).toEqual({
      run: complaint('cannot read /proc/self/mem: EIO: i/o error, read'),
      requests: [],
    });
  });

  test('a part of its path is a file', async () => {
    const path = join(writeTempFile('a.json', '[]'), 'b.json');
    expect(await observe(path)).toEqual({
      run: complaint(`cannot read ${path}: a part of the path is not a directory`),
      requests: [],
    });
  });

  test('its name holds control characters, which are not obeyed', async () => {
    const { run, requests } = await observe('no\u001B[2Jsuch.json');
    expect({ run, requests }).toEqual({ run: complaint('cannot read no\uFFFD[2Jsuch.json: no such file'), requests: [] });
  });
});

const item = '{"type":"ip","value":"192.0.2.1"}';
const wrongItems = `[\n${item},\n${item},\n{"type":"ip"},\n${item},\n${item}\n]`;

describe('a file with something wrong in it is one line that names the place, exit 2, and nothing is asked:', () => {
  test.each<[what: string, name: string, content: string | Buffer, complaint: string]>([
    ['nothing', 'a.json', '', ': the file is empty'],
    ['nothing but blanks', 'a.txt', ' \n\n', ': the file is empty'],
    ['nothing but a byte order mark', 'a.csv', '\uFEFF', ': the file is empty'],
    [
      'a byte that is not UTF-8',
      'a.json',
      Buffer.concat([Buffer.from('[\n"'), Buffer.from([0xe9]), Buffer.from('"]')]),
      ':2: not UTF-8 text (UTF-16 needs a byte order mark)',
    ],
    ['half a character of UTF-16', 'a.txt', Buffer.from([0xff, 0xfe, 0x31]), ': not valid UTF-16 text'],
    [
      'UTF-16 without a byte order mark',
      'a.txt',
      Buffer.from('192.0.2.1', 'utf16le'),
      ': binary content (NUL bytes; UTF-16 needs a byte order mark)',
    ],
    ['broken JSON', 'a.json', '[{"type":"ip",\n"value":}]', ':2:9: invalid JSON'],
    ['JSON cut short', 'a.json', toJson(['ip', '192.0.2.1']).slice(0, -1), ':1:35: invalid JSON'],
    ['JSON that is no list', 'a.json', '{}', ': expected an array of {type, value}, or an object with an "observables" array'],
    ['item 3 of 5 wrong', 'a.json', wrongItems, ': observables[2].value: expected a non-empty string'],
    ['a line that is no JSON', 'a.ndjson', `${item}\n${item}\n{type\n${item}\n`, ':3: invalid JSON'],
    ['a line that is no observable', 'a.jsonl', `${item}\n[]\n`, ':2: observable: expected an object with type and value'],
    ['csv without a column', 'a.csv', 'type,host\nip,192.0.2.1\n', ':1: no column "value" (there are: type, host)'],
    ['csv with an empty value', 'a.csv', 'type,value\nip,192.0.2.1\nip,\n', ':3: observable.value: expected a non-empty string'],
    ['csv with a lost quote', 'a.csv', 'type,value\nip,"192.0.2.1\n', ':2: invalid CSV (CSV_QUOTE_NOT_CLOSED)'],
  ])('%s', async (_what, name, content, message) => {
    const path = writeTempFile(name, content);
    expect(await observe(path)).toEqual({ run: complaint(`${path}${message}`), requests: [] });
  });

  test('a column that is named and missing', async () => {
    const path = writeTempFile('a.csv', 'date,host\n1,192.0.2.1\n');
    const tracker = await openTracker();
    const run = await runMain(['observe', ...asking(tracker), path, '--column', 'ioc']);
    expect({ run, requests: tracker.requests }).toEqual({
      run: complaint(`${path}:1: no column "ioc" (there are: date, host)`),
      requests: [],
    });
  });
});

describe('stdin with something wrong in it', () => {
  test.each<[what: string, stdin: string | Buffer, complaint: string]>([
    ['broken JSON', '[{]', 'stdin:1:3: invalid JSON'],
    ['a wrong item', `[${item},7]`, 'stdin: observables[1]: expected an object with type and value'],
    ['bytes that are no text', Buffer.from([0x41, 0xff]), 'stdin:1: not UTF-8 text (UTF-16 needs a byte order mark)'],
  ])('is named, exit 2, and nothing is asked: %s', async (_what, stdin, message) => {
    const tracker = await openTracker();
    const run = await runMain(['observe', ...asking(tracker)], { stdin });
    expect({ run, requests: tracker.requests }).toEqual({ run: complaint(message), requests: [] });
  });

  test('may break while it is read', async () => {
    const tracker = await openTracker();
    const stdin = new Readable({
      read() {
        this.destroy(new Error('EIO: i/o error, read'));
      },
    });
    const run = await runMain(['observe', ...asking(tracker)], { stdin });
    expect({ run, requests: tracker.requests }).toEqual({
      run: complaint('cannot read stdin: EIO: i/o error, read'),
      requests: [],
    });
  });
});

describe('stdin that holds nothing', () => {
  test.each([
    ['no bytes', ''],
    ['blanks', ' \n'],
    ['an empty array', '[]'],
    ['an object without observables in it', '{"observables":[]}'],
    ['a text without observables', 'nothing to see\n'],
  ])('is an empty job: %s', async (_what, stdin) => {
    expect(await runMain(['observe'], { stdin })).toEqual({
      status: 0,
      stdout: '{"data":{}}\n',
      stderr: 'stdin: no observables found\n0 observables (0.0 s)\n',
    });
  });

  test('is so with -q too, without a word', async () => {
    expect(await runMain(['deliberate', '-q'], { stdin: '[]' })).toEqual({ status: 0, stdout: '{"data":{}}\n', stderr: '' });
  });
});

test('a file that holds an empty array is an empty job, told by its name', async () => {
  const path = writeTempFile('a.json', '[]');
  expect(await runMain(['observe', path])).toEqual({
    status: 0,
    stdout: '{"data":{}}\n',
    stderr: `${path}: no observables found\n0 observables (0.0 s)\n`,
  });
});

describe('a terminal as stdin', () => {
  const usage = 'no input. Usage: cct observe FILE, cct observe --ip 192.0.2.1, or pipe observables in. More: cct observe --help';

  test.each([[[]], [['-']], [['-', '--ip', '192.0.2.1']]])('is not waited for: %j', async (args) => {
    expect(await runMain(['observe', ...args], { isTerminal: { stdin: true } })).toEqual(complaint(usage));
  });

  test('does not matter when it is not read', async () => {
    const { status, stdout } = await runMain(['observe', '--snapshot', 'sample', '--ip', '192.0.2.1'], {
      isTerminal: { stdin: true },
    });
    expect([status, stdout]).toEqual([0, '{"data":{}}\n']);
  });
});

test('- named twice is refused: stdin can be read only once', async () => {
  expect(await runMain(['observe', '-', '-'], { stdin: '192.0.2.1' })).toEqual(
    complaint('stdin can be read only once: give - once'),
  );
});
