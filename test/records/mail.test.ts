import { expect, test } from 'vitest';
import { collectMail, toLines } from './collect-mail.ts';

const HEAD = ['From: a@drop.example', 'Subject: x', 'MIME-Version: 1.0'];
const multipart = (boundary: string, type = 'mixed') => `Content-Type: multipart/${type}; boundary="${boundary}"`;
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
const A = 'http://panel.example/a';

test.each<[string, string[], string[]]>([
  ['a subject', ['Subject: see http://panel.example/a', '', 'x'], [A]],
  ['a folded subject', ['Subject: see', ' http://panel.example/a', '', 'x'], [A]],
  [
    'an encoded subject',
    ['From: x', `Subject: =?utf-8?B?${base64('sieh http://panel.example/ü')}?=`, '', 'x'],
    ['http://panel.example/ü'],
  ],
  ['a subject in two words', ['From: x', 'Subject: =?utf-8?Q?http=3A//panel.?= =?utf-8?Q?example/a?=', '', 'x'], [A]],
  ['a body without type', [...HEAD, '', A], [A]],
  ['headers only', ['From: x', `Subject: ${A}`], [A]],
  [
    'quoted-printable',
    [...HEAD, 'Content-Transfer-Encoding: quoted-printable', '', 'http://panel.exam=', 'ple/a?b=3D1 x= ', 'y'],
    [`${A}?b=1`],
  ],
  ['base64', [...HEAD, 'Content-Transfer-Encoding: BASE64', '', base64(`x ${A}`).slice(0, 7), base64(`x ${A}`).slice(7)], [A]],
  [
    'lines that a list adds to base64',
    [...HEAD, 'Content-Transfer-Encoding: base64', '', base64(`x ${A}`), '', '-- ', 'see http://panel.example/list', ''],
    [A, 'http://panel.example/list'],
  ],
  [
    'two base64 texts',
    [...HEAD, 'Content-Transfer-Encoding: base64', '', `${base64('192.0.2.1 ')}${base64(` ${A}.`)}`],
    ['192.0.2.1', A],
  ],
  [
    'a charset',
    [
      ...HEAD,
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'http://panel.example/=FC',
    ],
    ['http://panel.example/ü'],
  ],
  [
    'UTF-16',
    [
      ...HEAD,
      'Content-Type: text/plain; charset=utf-16le',
      'Content-Transfer-Encoding: base64',
      '',
      base64(Buffer.from(A, 'utf16le')),
    ],
    [A],
  ],
  ['UTF-16 that is none', [...HEAD, 'Content-Type: text/plain; charset=utf-16', '', A], [A]],
  ['HTML', [...HEAD, 'Content-Type: text/html', '', '<a href="http://panel.example/a">192.0.2.1</a>'], [A, '192.0.2.1']],
  ['flowed text', [...HEAD, 'Content-Type: text/plain; format=flowed; delsp=yes', '', 'http://panel.exam ', 'ple/a', 'b'], [A]],
  [
    'flowed quotes',
    [...HEAD, 'Content-Type: text/plain; format=flowed; delsp=yes', '', '> http://panel.exam ', '> ple/a', '>> 192.0.2. ', '> 1'],
    [A],
  ],
  [
    'flowed lines that begin with a blank',
    [...HEAD, 'Content-Type: text/plain; format=flowed; delsp=yes', '', ' http://panel.exam ', ' ple/a', '-- ', '192.0.2.1'],
    [A, '192.0.2.1'],
  ],
  ['a calendar', [...HEAD, 'Content-Type: text/calendar', '', 'DESCRIPTION:x\\nhttp://panel.exa', ' mple/a\\, y', 'END:x'], [A]],
  [
    'the parts in their order',
    [
      ...HEAD,
      multipart('b'),
      '',
      '--b',
      '',
      '192.0.2.1',
      '--b',
      'Content-Type: text/html',
      '',
      `<p>${A}`,
      '--b',
      '',
      '192.0.2.2',
      '--b--',
    ],
    ['192.0.2.1', A, '192.0.2.2'],
  ],
  [
    'parts within parts',
    [
      ...HEAD,
      multipart('b'),
      '',
      '--b',
      multipart('bb', 'alternative'),
      '',
      '--bb',
      '',
      '192.0.2.1',
      '--bb--',
      '--b',
      '',
      A,
      '--b--',
    ],
    ['192.0.2.1', A],
  ],
  [
    'the same boundary twice',
    [...HEAD, multipart('b'), '', '--b', multipart('b'), '', '--b', '', '192.0.2.1', '--b--', '--b', '', A, '--b--'],
    ['192.0.2.1', A],
  ],
  ['no last boundary', [...HEAD, multipart('b'), '', '--b', '', A], [A]],
  ['a part without headers', [...HEAD, multipart('b'), '', '--b', `See ${A}`, 'x: y', '--b--'], [A]],
  ['before and behind the parts', [...HEAD, multipart('b'), '', '192.0.2.1', '--b', '', 'x', '--b--', A], ['192.0.2.1', A]],
  [
    'a boundary in pieces',
    [...HEAD, 'Content-Type: multipart/mixed; boundary*0=a; boundary*1="b"', '', '--ab', '', A, '--ab--'],
    [A],
  ],
  [
    'a message',
    [...HEAD, multipart('b'), '', '--b', 'Content-Type: message/rfc822', '', 'Subject: 192.0.2.1', '', A, '--b--'],
    ['192.0.2.1', A],
  ],
  [
    'a message in base64',
    [
      ...HEAD,
      'Content-Type: message/rfc822',
      'Content-Transfer-Encoding: base64',
      '',
      base64(toLines('Subject: 192.0.2.1', multipart('q'), '', '--q', '', A)),
    ],
    ['192.0.2.1', A],
  ],
  ['a digest', [...HEAD, multipart('b', 'digest'), '', '--b', '', 'Subject: 192.0.2.1', '', A, '--b--'], ['192.0.2.1', A]],
  [
    'an attachment of HTML',
    [
      ...HEAD,
      'Content-Type: application/octet-stream; name="pay.HTML"',
      'Content-Transfer-Encoding: base64',
      '',
      base64(`<a href="${A}">`),
    ],
    [A],
  ],
  [
    'an attachment of JSON',
    [...HEAD, 'Content-Type: application/json', 'Content-Disposition: attachment; filename=x', '', `["${A}"]`],
    [A],
  ],
  [
    'an attached message',
    [
      ...HEAD,
      'Content-Type: application/octet-stream',
      "Content-Disposition: attachment; filename*=utf-8''a%20b.eml",
      '',
      `Subject: ${A}`,
      '',
      '',
    ],
    [A],
  ],
  ['an abuse report', [...HEAD, 'Content-Type: message/feedback-report', '', `Reported-URI: ${A}`], [A]],
  ['a type that is none', [...HEAD, 'Content-Type: text', '', A], [A]],
])('%s', async (_, lines, found) => {
  for (const size of [1, 4096]) expect((await collectMail(toLines(...lines), size)).found).toEqual(found);
  expect((await collectMail(lines.join('\n'))).found).toEqual(found);
});

test('wrapped links are unwrapped in text and HTML', async () => {
  const wrapper = 'https://eur01.safelinks.protection.outlook.com/?url=http%3A%2F%2Fpanel.example%2Fa&data=05';
  const { found, derived, passedOver } = await collectMail(toLines(...HEAD, '', `see <${wrapper}>`));
  expect(found).toEqual([A]);
  expect(derived).toEqual([`safelinks: ${A}`]);
  expect(passedOver).toEqual(['mail header: drop.example', `wrapper: ${wrapper}`]);
});

test('a mailbox holds several messages', async () => {
  const mark = 'From a@drop.example Sat Jan  3 01:05:34 1996';
  const one = [mark, 'Subject: 192.0.2.1', multipart('b'), '', '--b', '', 'From here on 192.0.2.2 at 10:00', ''];
  const { found, records } = await collectMail(toLines(...one, mark, 'Subject: 192.0.2.3', '', A));
  expect(found).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3', A]);
  expect(records).toBe(2);
});

test('a message is one record, whatever it holds', async () => {
  const { records } = await collectMail(toLines(...HEAD, 'Content-Type: message/rfc822', '', 'Subject: y', '', 'z'));
  expect(records).toBe(1);
});

test('attachments that are not read are named in one note', async () => {
  const attach = (name: string) => [
    '--b',
    'Content-Type: application/zip',
    `Content-Disposition: attachment; filename="${name}"`,
    '',
    A,
  ];
  const one = await collectMail(toLines(...HEAD, multipart('b'), '', ...attach('a.zip'), '--b--'));
  expect(one.notes).toEqual(['1 attachment was not read: a.zip']);
  const many = await collectMail(
    toLines(...HEAD, multipart('b'), '', ...Array.from({ length: 12 }, (_, index) => attach(`${index}.zip`)).flat()),
  );
  expect(many.notes).toEqual([
    '12 attachments were not read: 0.zip, 1.zip, 2.zip, 3.zip, 4.zip, 5.zip, 6.zip, 7.zip, 8.zip, 9.zip and 2 more',
  ]);
  expect(many.found).toEqual([]);
});
