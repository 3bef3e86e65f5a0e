import { expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import type { Head, LineFormat } from '../../src/records/format.ts';
import { readJsonDocument } from '../../src/records/json-document.ts';
import { ownLines, typedLines } from '../../src/records/typed-lines.ts';
import { collect, named } from './collect.ts';

const OPTIONS = { columns: [], fields: [] };
const toHead = (text: string): Head => ({ name: 'in.json', text, lines: text.split('\n') });

/** What is found, then the refusal. */
function readLines(format: LineFormat, text: string): string[] {
  const reading = collect();
  const refusals: string[] = [];
  try {
    const lines = text.split('\n');
    const reader = format.open(reading, OPTIONS);
    reader.read(lines.slice(0, 1), 1);
    reader.read(lines.slice(1), 2);
  } catch (thrown) {
    if (!(thrown instanceof CctError)) throw thrown;
    refusals.push(`${thrown.code}: ${thrown.message}`);
  }
  expect(reading.records).toBe(reading.findings.length);
  return [...named(reading.findings), ...refusals];
}

test.each([
  ['[{"type":"IP","value":" 192[.]0.2.1 ","x":1},{"type":"sha256","value":"aa"}]', ['IP  192[.]0.2.1 ', 'sha256 aa']],
  ['{"observables":[{"type":"ip","value":"192.0.2.1"}],"x":"192.0.2.2"}', ['ip 192.0.2.1']],
  ['{"type":"ip","value":"192.0.2.1"}', ['ip 192.0.2.1']],
  ['[]', []],
  [
    '{"observables":[{"dataType":"ip","data":"192.0.2.1"},{"dataType":"fqdn","data":"panel.example"}]}',
    ['ip 192.0.2.1', 'domain panel.example'],
  ],
  ['{"observables":[{"dataType":"hash","data":"aa"},{"type":"ip","value":"192.0.2.1","data":"x"}]}', ['hash aa', 'ip 192.0.2.1']],
])('%s is literal', async (text, wanted) => {
  const reading = collect();
  expect((await readJsonDocument(text, reading)).title).toBe('typed observables');
  expect(named(reading.findings)).toEqual(wanted);
  expect(reading.records).toBe(wanted.length);
});

const CORRECT = 'Correct the line, or read all strings with --input-format records';

test.each([
  ['[{"type":"ip","value":"192.0.2.1"},"x"]', 'observables[1]: expected an object with type and value'],
  ['{"observables":[{"type":"ip","value":""}]}', 'observables[0].value: expected a non-empty string'],
  ['[{"value":"x"},{"type":"ip","value":"192.0.2.1"}]', 'observables[0].type: expected a non-empty string'],
])('%s adds nothing and names the place', async (text, message) => {
  const reading = collect();
  await expect(readJsonDocument(text, reading)).rejects.toThrow(
    new CctError('input', `in.json: ${message}. Correct it, or read all strings with --input-format records`),
  );
  expect(reading.findings).toEqual([]);
});

const TYPED = '{"type":"ip","value":"192.0.2.1"}';
const ROW = '{"observable":{"type":"domain","value":"panel.example"},"status":"skipped","reason":"unsupported"}';

test.each([
  [typedLines, `${TYPED}\n\n  \n${TYPED}`, ['ip 192.0.2.1', 'ip 192.0.2.1']],
  [typedLines, `${TYPED}\n${TYPED}\n{`, ['ip 192.0.2.1', 'ip 192.0.2.1', `input: in.json:3: invalid JSON. ${CORRECT}`]],
  [
    typedLines,
    `${TYPED}\n[]`,
    ['ip 192.0.2.1', `input: in.json:2: observable: expected an object with type and value. ${CORRECT}`],
  ],
  [
    typedLines,
    `${TYPED}\n${ROW}`,
    ['ip 192.0.2.1', `input: in.json:2: observable.type: expected a non-empty string. ${CORRECT}`],
  ],
  [ownLines, `${ROW}\n${TYPED}`, ['domain panel.example', 'ip 192.0.2.1']],
  [ownLines, `{"cct_state":1}\n${ROW}`, ['domain panel.example']],
  [
    ownLines,
    `${ROW}\n{"observable":7}`,
    ['domain panel.example', `input: in.json:2: observable: expected an object with type and value. ${CORRECT}`],
  ],
  [
    ownLines,
    `${ROW}\n{"status":"x"}`,
    ['domain panel.example', `input: in.json:2: observable.type: expected a non-empty string. ${CORRECT}`],
  ],
] as [LineFormat, string, string[]][])('lines stop at the first bad one: %# %s', (format, text, wanted) => {
  expect(format.recognise(toHead(text), OPTIONS)).toBeDefined();
  expect(readLines(format, text)).toEqual(wanted);
});

test.each([
  '',
  '{',
  '7',
  '[{"type":"ip","value":"192.0.2.1"}]',
  '{"type":"url","id":"url--1","value":"x"}',
  '{"type":"ip-dst","value":"192.0.2.1"}',
  '{"type":"ip","value":"192.0.2.1","to_ids":true}',
  '{"type":"verdict","value":"x","observable":{}}',
  '{"type":"dns","timestamp":"x"}',
  '{"observable":"x","status":"y"}',
])('%s begins no typed lines', (text) => {
  expect(typedLines.recognise(toHead(text), OPTIONS)).toBeUndefined();
  expect(ownLines.recognise(toHead(text), OPTIONS)).toBeUndefined();
});

test('a line of a million brackets is refused like any other', () => {
  expect(readLines(typedLines, '['.repeat(1_000_000))).toEqual(['input: in.json:1: invalid JSON. Leave --input-format out']);
  const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
  expect(readLines(typedLines, `{"type":"ip","value":"192.0.2.1","x":${deep}}`)).toEqual(['ip 192.0.2.1']);
});
