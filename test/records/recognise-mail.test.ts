import { expect, test } from 'vitest';
import { recogniseMail } from '../../src/records/mail.ts';

function recognise(...lines: string[]): string | undefined {
  return recogniseMail({ name: 'input', text: lines.join('\n'), lines });
}

test.each([
  [['From: a@drop.example', 'To: b@drop.example', '', 'x']],
  [['Received: from drop.example', '\tby gate.example; today', 'MIME-Version: 1.0', '', 'x']],
  [['Return-Path: <a@drop.example>', 'X-Spam: no', '']],
  [['subject: x', 'date: today']],
  [['X-A: 1', 'X-B: 2', 'Message-ID: <x@drop.example>', 'Content-Type: text/plain', '']],
  [['Date: 2026-11-28', 'From: SOC', 'Subject: C2 http://panel.example/a', '', 'x']],
  [['From: =?utf-8?Q?SOC?= <a@drop.example>', 'To: b@drop.example', 'X-Priority: 1', '', 'x']],
  ...[
    'Received: from drop.example',
    'Message-ID: <x@drop.example>',
    'MIME-Version: 1.0',
    'Return-Path: <a@drop.example>',
    'Content-Type: text/plain',
    'Content-Transfer-Encoding: base64',
    'List-Id: <list.example>',
  ].map((header): [string[]] => [['Date: x', 'From: a', 'Subject: x', header, 'C2: panel.example', 'IP: 192.0.2.1', '']]),
])('a mail: %j', (lines) => {
  expect(recognise(...lines)).toBe('mail');
});

test('a mailbox', () => {
  expect(recognise('From a@drop.example Sat Jan  3 01:05:34 1996', 'From: a@drop.example', 'Subject: x', '')).toBe('mailbox');
  expect(recognise('From a@drop.example Sat Jan  3 01:05:34 1996', 'x', 'Subject: x', '')).toBeUndefined();
});

test.each([
  [['HTTP/1.1 200 OK', 'Date: today', 'Content-Type: text/html', '']],
  [['Date: today', 'Content-Type: text/html', 'X-Powered-By: x', '']],
  [['name: panel', 'url: http://panel.example/', 'date: today']],
  [['From: a', 'To: b', '- x', '']],
  [['From: 192.0.2.1', 'To: 192[.]0[.]2[.]2', '', 'x']],
  [['See this', 'From: a@drop.example', 'To: b@drop.example']],
  [['Date: 2026-11-28', 'From: SOC', 'Subject: IOCs', 'To: all', 'C2: panel.example', 'IP: 192.0.2.1']],
  [['From: SOC', 'To: all', 'Date: Sat, 28 Nov 2026 10:00:00 +0000', 'Server: 192[.]0[.]2[.]1', '', 'x']],
  [['Date: 2026-11-28', 'Subject: Pony', 'URL: hxxp://panel[.]example/a', '']],
  [['From: SOC', 'Subject: IOCs', 'Domains: drop.example,', '  panel.example', '']],
  [['From: panel.example', 'To: 192.0.2.1', 'Subject: traffic', '']],
  [['From: SOC', 'Subject: IOCs', 'X-C2: panel.example', '']],
  [['Subject: x', '', 'To: b']],
  [['', 'From: a@drop.example', 'To: b@drop.example']],
  [['']],
])('no mail: %j', (lines) => {
  expect(recognise(...lines)).toBeUndefined();
});
