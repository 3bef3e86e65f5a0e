import { expect, test } from 'vitest';
import { collectMail, toLines } from './collect-mail.ts';

const A = 'http://panel.example/a';

function attach(type: string, name: string, text: string): string {
  const head = [`Content-Type: ${type}; name="${name}"`, 'Content-Transfer-Encoding: base64', ''];
  return toLines(
    'From: x',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    ...head,
    Buffer.from(text).toString('base64'),
    '--b',
    '',
    'see 192.0.2.9',
    '--b--',
  );
}

test.each<[string, string, string, string, string[]]>([
  ['CSV by its type', 'text/csv', 'x', 'type,value\nurl,panel.example/a\nmd5,192.0.2.2\n', ['panel.example/a', '192.0.2.2']],
  ['CSV without a name', 'text/csv', '', 'http://panel.example/a,1\r\n', [A]],
  ['CSV by its name', 'application/vnd.ms-excel', 'IOCs.CSV', 'http://panel.example/a,1\nx,192[.]0[.]2[.]1', [A, '192.0.2.1']],
  ['tabs', 'application/octet-stream', 'a.tsv', 'note\turl\nx\t"http://panel.example/a,b"\n', ['http://panel.example/a,b']],
  ['CSV with quotes', 'text/csv', 'a.csv', 'note,url\n"a ""b"",\nc","http://panel.example/a,b"\n', ['http://panel.example/a,b']],
  ['typed JSON', 'application/json', 'a', '[{"type": "url",\n"value": "panel.example/a,b"}]', ['panel.example/a,b']],
  ['typed JSON lines', 'text/plain', 'a.jsonl', '{"type":"url","value":"a.example/ b"}\n', ['a.example/ b']],
  [
    'STIX',
    'application/stix+json',
    'a.json',
    '{"type":"bundle","objects":[{"type":"ipv4-addr","value":"192.0.2.1"},{"type":"url","value":"http://a.example","revoked":true}]}',
    ['192.0.2.1'],
  ],
  [
    'events',
    'application/json',
    'eve.json',
    '{"http":{"hostname":"panel.example","url":"/a"}}\n{"dest_ip":"192.0.2.1"}\n',
    [A, '192.0.2.1'],
  ],
  ['any JSON', 'application/json', 'a.json', '{"a":\n["http:\\/\\/panel.example\\/a"]}', [A]],
  ['text called JSON', 'application/json', 'a.json', 'see http://panel.example/a, 192.0.2.1', [A, '192.0.2.1']],
  ['broken JSON', 'application/json', 'a.json', '{"a":\n"http://panel.example/a"', [A]],
  ['nothing', 'text/csv', 'a.csv', '', []],
])('an attachment is read as a file would be: %s', async (_, type, name, text, found) => {
  for (const size of [1, 4096]) {
    const collected = await collectMail(attach(type, name, text), size);
    expect(collected.found).toEqual([...found, '192.0.2.9']);
    expect(collected.records).toBe(1);
  }
});

test('what is noted of an attachment names it', async () => {
  const { notes } = await collectMail(attach('text/csv', 'a.csv', 'note,url\nx,192.0.2.1/a\n'));
  expect(notes).toEqual(['a.csv: read the column url']);
});

test.each([
  ['is broken', '[{"type":"url","value":"http://panel.example/a"},{"type":"url"},"192.0.2.1"]'],
  ['is larger than 1 MiB', `[{"a":"http://panel.example/a"},"192.0.2.1"${',{}'.repeat(400_000)}]`],
])('an attachment that %s is read as text', async (what, json) => {
  const { found, notes } = await collectMail(attach('application/json', 'a.json', json), 65_536);
  expect(found).toEqual([A, '192.0.2.1', '192.0.2.9']);
  expect(notes).toEqual([`a.json ${what}: it was read as text`]);
});
