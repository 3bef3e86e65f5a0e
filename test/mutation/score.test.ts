import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toPercent, toScores } from './score.ts';
import { TARGETS } from './targets.ts';

const SOURCE = 'const a = 1;\n  if (a > 0) {\n    go();\n  }\n';

const toMutant = (status: string, start: [number, number], end: [number, number], replacement: string) => ({
  status,
  replacement,
  location: { start: { line: start[0], column: start[1] }, end: { line: end[0], column: end[1] } },
});
const toReport = (...statuses: string[]) => ({
  files: { 'src/a.ts': { source: SOURCE, mutants: statuses.map((status) => toMutant(status, [2, 7], [2, 12], 'a >= 0')) } },
});

test('a defect survives where no test fails or none covers it, and is shown by its first line', () => {
  const report = toReport('Killed', 'Timeout', 'RuntimeError', 'Survived');
  report.files['src/a.ts'].mutants.push(toMutant('NoCoverage', [2, 14], [4, 4], '{}'));
  const survivors = [
    { line: 2, was: 'if (a > 0) {', becomes: 'if (a >= 0) {' },
    { line: 2, was: 'if (a > 0) {', becomes: 'if (a > 0) {}' },
  ];
  expect(toScores(report)).toEqual([{ file: 'src/a.ts', defects: 5, survivors }]);
  expect(() => toScores(toReport('CompileError'))).toThrow('status CompileError');
});

test('a score is rounded down', () => {
  const [one] = toScores(toReport('Killed', 'Survived', 'Killed'));
  expect([toPercent(one ? [one] : []), toPercent([])]).toEqual([66.6, 100]);
});

test('each run has sources and tests', () => {
  expect(TARGETS.filter(({ files, tests }) => files.length === 0 || tests.length === 0)).toEqual([]);
  expect(TARGETS.flatMap(({ files, tests }) => [...files, ...tests]).filter((file) => !existsSync(file))).toEqual([]);
});
