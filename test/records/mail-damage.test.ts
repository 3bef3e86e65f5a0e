import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collectMail, toLines } from './collect-mail.ts';

const HEAD = ['From: a@drop.example', 'Subject: x', 'MIME-Version: 1.0'];
const MULTIPART = 'Content-Type: multipart/mixed; boundary="b"';
const A = 'http://panel.example/a';
const NEVER = 'the boundary that a mail declares never occurs: its body was read as text';

test.each<[string, string[], string[], string[]]>([
  ['no boundary occurs', [MULTIPART, '', '192.0.2.1', A], ['192.0.2.1', A], [NEVER]],
  ['no boundary is declared', ['Content-Type: multipart/mixed', '', A], [A], [NEVER]],
  [
    'another boundary occurs',
    [
      MULTIPART,
      '',
      '--c',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'http://panel.exam=',
      'ple/a',
      '--c',
      '',
      '192.0.2.1',
    ],
    [A, '192.0.2.1'],
    ['parts of a mail were read that another boundary than the declared one divides'],
  ],
  [
    'an inner boundary never occurs',
    [MULTIPART, '', '--b', 'Content-Type: multipart/mixed; boundary=c', '', A, '--b', '', '192.0.2.1'],
    [A, '192.0.2.1'],
    [NEVER],
  ],
  [
    'a charset is not known',
    ['Content-Type: text/plain; charset="x-none"', '', A],
    [A],
    ['unknown charset "x-none": read as windows-1252'],
  ],
])('%s', async (_, lines, found, notes) => {
  for (const size of [1, 4096]) {
    const collected = await collectMail(toLines(...HEAD, ...lines), size);
    expect([collected.found, collected.notes]).toEqual([found, notes]);
  }
});

test('a line that is not UTF-8 is read as windows-1252', async () => {
  const mail = Buffer.concat([
    Buffer.from(toLines(...HEAD, '', 'http://panel.example/é')),
    Buffer.from('http://panel.example/\xE9\n', 'latin1'),
  ]);
  const { found, notes } = await collectMail(mail);
  expect(found).toEqual(['http://panel.example/é', 'http://panel.example/é']);
  expect(notes).toEqual(['a line is not UTF-8: read as windows-1252']);
});

test('blank lines may come first', async () => {
  const { found, passedOver } = await collectMail(
    toLines('', '', ...HEAD, 'Content-Transfer-Encoding: base64', 'X-A: 192.0.2.1', '', btoa(A)),
  );
  expect([found, passedOver]).toEqual([[A], ['mail header: drop.example', 'mail header: 192.0.2.1']]);
});

test('messages that are nested too deeply are read as text', async () => {
  const nested = Array.from({ length: 50 }, () => ['Content-Type: message/rfc822', '']).flat();
  const { found, notes } = await collectMail(toLines(...HEAD, ...nested, A));
  expect(found).toEqual([A]);
  expect(notes).toEqual(['messages within more than 10 others were read as text']);
});

test('a thousand nested parts are read', async () => {
  const nested = Array.from({ length: 1000 }, (_, depth) => [
    `Content-Type: multipart/mixed; boundary=b${depth}`,
    '',
    `--b${depth}`,
  ]).flat();
  expect((await collectMail(toLines(...HEAD, ...nested, '', A))).found).toEqual([A]);
});

test('headers without end are read as text', async () => {
  const { found, notes } = await collectMail(`From: x\nX-A: ${'y'.repeat(100_000)}\n`.repeat(12) + `X-B: ${A}\n`);
  expect(found).toEqual([A]);
  expect(notes).toEqual(['the headers of a message are longer than 1 MiB: the rest was read as text']);
});

test('a line without end is read in pieces', async () => {
  const { found } = await collectMail(`From: x\nSubject: y\n\n${'word '.repeat(500_000)}${A}`, 65_536);
  expect(found).toEqual([A]);
});

test('many bytes of parts that are not read take no memory', async () => {
  const image = Buffer.from(`${'QUFB'.repeat(19)}\r\n`.repeat(400_000));
  const head = toLines(...HEAD, MULTIPART, '', '--b', 'Content-Type: image/png', 'Content-Transfer-Encoding: base64', '');
  const mail = Buffer.concat([Buffer.from(head), image, Buffer.from(toLines('--b', '', A, '--b--'))]);
  const before = process.memoryUsage().rss;
  expect((await collectMail(mail, 65_536)).found).toEqual([A]);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
});

interface Part {
  readonly kind: 'plain' | 'html' | 'message';
  readonly encoding: '8bit' | 'base64' | 'quoted-printable';
  readonly charset: 'utf-8' | 'iso-8859-1' | 'windows-1252';
  readonly paths: readonly string[];
}

const part = fc.record<Part>({
  kind: fc.constantFrom('plain', 'html', 'message'),
  encoding: fc.constantFrom('8bit', 'base64', 'quoted-printable'),
  charset: fc.constantFrom('utf-8', 'iso-8859-1', 'windows-1252'),
  paths: fc.array(fc.string({ unit: fc.constantFrom(...Array.from('abü=é3-')), minLength: 1, maxLength: 60 }), {
    minLength: 1,
    maxLength: 3,
  }),
});

const toUrl = (path: string) => `http://panel.example/${path}z`;

function encode(bytes: Buffer, encoding: Part['encoding']): Buffer {
  if (encoding === '8bit') return bytes;
  if (encoding === 'base64') return Buffer.from(bytes.toString('base64').replace(/.{76}/g, '$&\r\n'));
  const escaped = bytes
    .toString('latin1')
    .replace(/[^\n\r -<>-~]/g, (byte) => `=${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return Buffer.from(escaped.replace(/(?:=..|[^=\r\n]){1,70}(?=[^\r\n])/g, '$&=\r\n'), 'latin1');
}

function compose({ kind, encoding, charset, paths }: Part): Buffer {
  const lines = paths.map((path) => (kind === 'html' ? `<p><a href="${toUrl(path)}">x</a>` : toUrl(path)));
  const body = encode(Buffer.from(toLines(...lines), charset === 'utf-8' ? 'utf8' : 'latin1'), encoding);
  const type = `Content-Type: text/${kind === 'html' ? 'html' : 'plain'}; charset=${charset}`;
  const outer = kind === 'message' ? ['Content-Type: message/rfc822', ''] : [];
  return Buffer.concat([
    Buffer.from(toLines('--b', ...outer, type, `Content-Transfer-Encoding: ${encoding}`, '')),
    body,
    Buffer.from('\r\n'),
  ]);
}

test('what is composed is read back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 200 }), async (parts, size) => {
      const mail = Buffer.concat([Buffer.from(toLines(...HEAD, MULTIPART, '')), ...parts.map(compose), Buffer.from('--b--\r\n')]);
      const { found, notes } = await collectMail(mail, size);
      expect(found).toEqual(parts.flatMap(({ paths }) => paths.map(toUrl)));
      expect(notes).toEqual([]);
    }),
  );
});

test('no bytes throw', async () => {
  const word = fc.constantFrom(
    '--b',
    '--b--',
    '--c',
    'Content-Type: multipart/mixed; boundary=b',
    'Content-Type: message/rfc822',
    '',
    A,
    'From x 1:00',
    '=',
    ' y',
  );
  const lines = fc.array(fc.oneof(word, fc.string({ unit: 'binary' })), { maxLength: 30 });
  await fc.assert(fc.asyncProperty(lines, (texts) => collectMail(texts.join('\n')).then(() => true)));
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (bytes) => collectMail(bytes, 7).then(() => true)));
});
