import { expect, test } from 'vitest';
import { collectMail, toLines } from './collect-mail.ts';

const HEAD = ['From: a@drop.example', 'Subject: x', 'MIME-Version: 1.0'];
const A = 'http://panel.example/a';

test('other headers are passed over', async () => {
  const received = 'Received: from mx.drop.example (192.0.2.1)';
  const { found, passedOver } = await collectMail(
    toLines(received, 'List-Unsubscribe: <http://panel.example/a>', 'Subject: x', '', 'y'),
  );
  expect(found).toEqual([]);
  expect(passedOver).toEqual(['mail header: mx.drop.example', 'mail header: 192.0.2.1', 'mail header: http://panel.example/a']);
});

test.each<[string, string[]]>([
  [
    'message/delivery-status',
    ['Reporting-MTA: dns; mx.drop.example', '', 'Remote-MTA: dns; gate.example', ' [192.0.2.1]', `Diagnostic-Code: smtp; ${A}`],
  ],
  ['message/disposition-notification', ['Reporting-UA: mx.drop.example; gate.example 192.0.2.1', `X-A: ${A}`]],
  ['text/rfc822-headers', ['Received: from mx.drop.example (gate.example', '\t[192.0.2.1])', `X-A: <${A}>`]],
])('headers in a part of type %s are passed over', async (type, lines) => {
  const report = [
    'Content-Type: multipart/report; boundary=b',
    '',
    '--b',
    `Content-Type: ${type}`,
    '',
    ...lines,
    '',
    '--b',
    '',
    '192.0.2.2',
    '--b--',
  ];
  for (const size of [1, 4096]) {
    const { found, passedOver } = await collectMail(toLines('From: x', ...report), size);
    expect(found).toEqual(['192.0.2.2']);
    expect(passedOver).toEqual(['mx.drop.example', 'gate.example', '192.0.2.1', A].map((text) => `mail header: ${text}`));
  }
});

test('the subject among headers in a part is read, and what is no header', async () => {
  const part = [
    'Content-Type: text/rfc822-headers',
    '',
    'Subject: see =?utf-8?Q?http=3A//panel.example/a?=',
    '',
    '192.0.2.1',
    '',
  ];
  expect((await collectMail(toLines(...HEAD, ...part))).found).toEqual([A, '192.0.2.1']);
});

test('the type and the file name of a part are not passed over', async () => {
  const part = [
    'Content-Type: application/vnd.ms-excel; name=drop.zip',
    'Content-Disposition: attachment;',
    ' filename="drop.zip"',
  ];
  const { passedOver, notes } = await collectMail(toLines('From: x', ...part, '', ''));
  expect(passedOver).toEqual([]);
  expect(notes).toEqual(['1 attachment was not read: drop.zip']);
});
