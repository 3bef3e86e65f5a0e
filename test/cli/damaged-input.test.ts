import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../helpers/run-cct.ts';
import { readRows, runMain } from '../helpers/run-cct.ts';
import { complaint, SAMPLE, writeTempFile } from './live.ts';

/** The rows and notes of a run that asks the sample. */
async function observe(args: readonly string[], options: RunOptions = {}) {
  const run = await runMain(['observe', ...SAMPLE, '--format', 'ndjson', ...args], options);
  const rows = readRows(run.stdout).map((row) => row.split(' ').at(-1));
  return { ...run, rows, notes: run.stderr.split('\n').slice(0, -2) };
}

const toEvent = (ip: string, more: object = {}) => JSON.stringify({ timestamp: 'x', event_type: 'flow', dest_ip: ip, ...more });

describe('a part that cannot be read is a note, and the rest is read:', () => {
  test.each([
    [
      'a cut last line of EVE',
      [toEvent('192.0.2.1'), toEvent('192.0.2.2'), toEvent('192.0.2.3').slice(0, 50)],
      ':3: invalid JSON: the line is left out',
    ],
    [
      'a cut first line of EVE',
      [toEvent('192.0.2.3').slice(20), toEvent('192.0.2.1'), toEvent('192.0.2.2')],
      ':1: invalid JSON: the line is left out',
    ],
    [
      'an event that is nested 1,001 levels deep',
      [toEvent('192.0.2.1'), `{"dest_ip":"192.0.2.3","x":${'['.repeat(1000)}${']'.repeat(1000)}}`, toEvent('192.0.2.2')],
      ':2: JSON nested 1,000 levels deep: the line is left out',
    ],
  ])('%s', async (_what, lines, note) => {
    const file = writeTempFile('eve.json', lines.join('\n'));
    const { status, rows, notes } = await observe([file]);
    expect([status, rows, notes]).toEqual([0, ['192.0.2.1', '192.0.2.2'], [`${file}${note}`]]);
    expect((await observe([], { stdin: lines.join('\n') })).notes).toEqual([`stdin${note}`]);
  });

  test('a cut last line of a compressed EVE file', async () => {
    const file = writeTempFile('eve.json.gz', gzipSync(`${toEvent('192.0.2.1')}\n${toEvent('192.0.2.2').slice(0, 40)}`));
    const { status, rows, notes } = await observe([file]);
    expect([status, rows, notes]).toEqual([0, ['192.0.2.1'], [`${file}:2: invalid JSON: the line is left out`]]);
  });

  test('a STIX pattern that does not parse', async () => {
    const toIndicator = (number: number, pattern: string) => ({
      type: 'indicator',
      spec_version: '2.1',
      id: `indicator--${number}`,
      pattern,
      pattern_type: 'stix',
    });
    const objects = [
      toIndicator(1, "[ipv4-addr:value = '192.0.2.1']"),
      toIndicator(2, "[ipv4-addr:value = '192.0.2.3"),
      toIndicator(3, "[ipv4-addr:value = '192.0.2.2']"),
    ];
    const file = writeTempFile('stix.json', JSON.stringify({ type: 'bundle', id: 'bundle--1', objects }));
    const { status, rows, notes } = await observe([file]);
    expect([status, rows]).toEqual([0, ['192.0.2.1', '192.0.2.2']]);
    expect(notes).toEqual([expect.stringMatching(/^\S+stix\.json(?::1)?: indicator--2: invalid pattern: .+$/)]);
  });

  test('a MISP attribute of unknown type', async () => {
    const attributes = [
      { type: 'ip-dst', value: '192.0.2.1' },
      { type: 'telepathy', value: '192.0.2.3', uuid: '7f1c9f0e-0000-4000-8000-000000000001' },
      { type: 'ip-src', value: '192.0.2.2' },
    ];
    const file = writeTempFile('misp.json', JSON.stringify({ Event: { info: 'x', Attribute: attributes } }, null, 2));
    const { status, rows, notes } = await observe([file]);
    expect([status, rows]).toEqual([0, ['192.0.2.1', '192.0.2.2']]);
    expect(notes).toEqual([`${file}: 7f1c9f0e-0000-4000-8000-000000000001: unknown attribute type "telepathy"`]);
  });
});

const AS_TEXT = 'read it as text with --input-format text';
const MEBIBYTE = 1024 * 1024;

/** A stream of so many mebibytes behind a beginning. */
function toLong(beginning: string, mebibytes: number, block: string): Readable {
  const chunk = Buffer.from(block.repeat(Math.ceil(MEBIBYTE / block.length)));
  return Readable.from([Buffer.from(beginning), ...Array.from({ length: mebibytes }, () => chunk)]);
}

describe('a limit that is exceeded ends the run with file and place:', () => {
  test('1,000 levels of a document', async () => {
    const file = writeTempFile('deep.json', `[\n${'['.repeat(999)}${']'.repeat(1000)}`);
    expect(await runMain(['observe', ...SAMPLE, file])).toEqual(
      complaint(`${file}:2:999: JSON nested 1,000 levels deep; ${AS_TEXT}`),
    );
    expect((await observe(['--input-format', 'text', file])).status).toBe(0);
  });

  test.each([
    ['of several lines', '[\n{"note":1}', ',\n{"note":1}', '.[]'],
    ['of one line', '[{"note":1}', ',{"note":1}', '.[]'],
    ['of STIX', '{"type":"bundle","id":"bundle--1",\n"objects":[{"note":1}', ',\n{"note":1}', '.objects[]'],
  ])('64 MiB of a document %s', async (_what, beginning, block, filter) => {
    const run = await runMain(['observe', ...SAMPLE], { stdin: toLong(beginning, 66, block) });
    const advice = `documents may have at most 64 MiB: write one JSON object per line (jq -c '${filter}')`;
    expect(run).toEqual(complaint(`stdin: ${advice}`));
  });

  test.each([
    ['text', '192.0.2.1\n', 'x'],
    ['csv', 'type,value\nip,192.0.2.1\n', 'x'],
    ['EVE', `${toEvent('192.0.2.1')}\n{"x":"`, 'x'],
  ])('16 MiB of a line of %s, after what stands before it', async (what, beginning, block) => {
    const { status, rows, stderr } = await observe([], { stdin: toLong(beginning, 17, block) });
    const line = beginning.split('\n').length;
    expect([status, rows]).toEqual([2, ['192.0.2.1']]);
    expect(stderr).toContain(
      `cct: stdin:${line}: the line is longer than 16 MiB${what === 'EVE' ? '' : ': break it, for example with fold -s'}\n`,
    );
  });

  test('16 MiB of a line of a gzip file', async () => {
    const file = writeTempFile('endless.gz', gzipSync(Buffer.alloc(20 * MEBIBYTE, 'x'), { level: 1 }));
    expect(await runMain(['observe', ...SAMPLE, file])).toEqual(
      complaint(`${file}:1: the line is longer than 16 MiB: break it, for example with fold -s`),
    );
  });

  test('an event of more than 64 KiB is within them, first or not', async () => {
    const long = toEvent('192.0.2.1', { payload: 'x'.repeat(200_000) });
    const stdin = `${long}\n${toEvent('192.0.2.2')}\n${long.replace('192.0.2.1', '192.0.2.3')}\n`;
    expect((await observe([], { stdin })).rows).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3']);
    const chunks = stdin.match(/[^]{1,60000}/g)?.map((text) => Buffer.from(text)) ?? [];
    expect((await observe([], { stdin: Readable.from(chunks) })).rows).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3']);
  });
});

describe('binary content ends the run with the command that helps:', () => {
  const zeros = (magic: string) => Buffer.concat([Buffer.from(magic, 'latin1'), Buffer.alloc(600)]);
  const PACKETS = 'tshark -r FILE -T fields -e ip.dst -e dns.qry.name -e http.request.full_uri';

  test.each([
    ['a PDF', 'pdftotext FILE -', zeros('%PDF-1.7\n')],
    ['a ZIP archive or Office document', 'unzip -p FILE', zeros('PK\x03\x04')],
    ['a Windows program', 'strings -a FILE', zeros('MZ\x90')],
    ['a packet capture', PACKETS, zeros('\xd4\xc3\xb2\xa1')],
    ['a Windows event log', 'evtx_dump -o jsonl FILE', zeros('ElfFile\0')],
    ['binary content (NUL bytes)', 'strings -a FILE', zeros('x\n')],
  ])('%s', async (title, command, content) => {
    const file = writeTempFile('iocs.txt', content);
    const toMessage = (name: string, word = name) =>
      complaint(`${name}: ${title} cannot be read directly. Try: ${command.replace('FILE', word)} | cct observe -`);
    expect(await runMain(['observe', ...SAMPLE, file])).toEqual(toMessage(file));
    expect(await runMain(['observe', ...SAMPLE], { stdin: content })).toEqual(toMessage('stdin', 'FILE'));
    expect(await runMain(['observe', ...SAMPLE, '--input-format', 'text', file])).toEqual(toMessage(file));
  });

  test('a damaged gzip file ends it after what could be read', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `http://panel.example/${at * 7919}\n`).join('');
    const file = writeTempFile('a.log.gz', gzipSync(lines).subarray(0, 60_000));
    const { status, rows, stderr } = await observe([file]);
    expect([status, rows[0]]).toEqual([2, 'http://panel.example/0']);
    expect(stderr).toContain(
      `cct: ${file}: the gzip file is damaged or truncated. Copy it again, or read what is left: gzip -dc ${file} | cct observe -\n`,
    );
  });
});

describe('links that cannot be decoded are noted once an input, with the first place:', () => {
  const link = (at: number) => `https://urldefense.com/v3/zzI__${at}`;
  const NOTE = 'a link that a mail gateway had rewritten could not be decoded and was passed over';
  const MAIL = 'From: a@panel.example\r\nTo: b@panel.example\r\nDate: today\r\n\r\n';

  test.each<[what: string, first: string, toLine: (at: number) => string, place: string]>([
    ['JSON events', '', (at) => toEvent(`192.0.2.${at}`, { msg: `see ${link(at)} and more` }), ':1'],
    ['csv', 'host,url\n', (at) => `192.0.2.${at},${link(at)}`, ':2'],
    ['text', '', (at) => `see ${link(at)}`, ':1'],
    ['HTML', '<!doctype html>\n', (at) => `<p>${link(at)} and <a href="http://panel.example/${at}">more</a>`, ''],
    ['mail', MAIL, (at) => `see ${link(at)}`, ':5'],
  ])('%s', async (_what, first, toLine, place) => {
    const content = first + Array.from({ length: 6 }, (_, at) => toLine(at)).join('\n');
    const files = ['a', 'b'].map((name) => writeTempFile(name, content));
    const { notes } = await observe(files);
    expect(notes.filter((note) => note.endsWith(NOTE))).toEqual(files.map((file) => `${file}${place}: ${NOTE}`));
  });
});
