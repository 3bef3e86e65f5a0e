import { describe, expect, test } from 'vitest';
import { TARGETS } from './targets.ts';
import { existsSync, readdirSync } from 'node:fs';
import type { MutationReport } from './verdicts.ts';
import { judge, toScore } from './verdicts.ts';

const FILE = 'src/core/a.ts';
const SOURCE = 'const a = 1;\n  if (a > 0) {\n    go();\n  }\n';

type Mutant = MutationReport['files'][string]['mutants'][number];

function toMutant(status: string, from: [number, number], to: [number, number], replacement: string): Mutant {
  return {
    status,
    replacement,
    location: { start: { line: from[0], column: from[1] }, end: { line: to[0], column: to[1] } },
  };
}

const toReport = (...mutants: Mutant[]): MutationReport => ({ files: { [FILE]: { source: SOURCE, mutants } } });

const GREATER = toMutant('Survived', [2, 7], [2, 12], 'a >= 0');
const BLOCK = toMutant('NoCoverage', [2, 14], [4, 4], '{}');

describe('the defects of a file', () => {
  test('are caught by a test that fails, by one that does not end, or by an error outside of all tests', () => {
    const caught = ['Killed', 'Timeout', 'RuntimeError'].map((status) => toMutant(status, [1, 1], [1, 2], ''));
    const verdict = judge(FILE, toReport(...caught, GREATER), []);
    expect([verdict.mutants, verdict.caught, verdict.caughtByTime]).toEqual([4, 3, 1]);
  });

  test('survive where no test fails, or none comes by, and are shown by their first line', () => {
    const verdict = judge(FILE, toReport(GREATER, BLOCK), []);
    expect([verdict.caught, verdict.explained]).toEqual([0, []]);
    expect(verdict.unexplained).toEqual([
      { line: 2, was: 'if (a > 0) {', becomes: 'if (a >= 0) {' },
      { line: 2, was: 'if (a > 0) {', becomes: 'if (a > 0) {}' },
    ]);
  });

  test('are explained by the line and what becomes of it', () => {
    const verdict = judge(FILE, toReport(GREATER, BLOCK), [{ survivors: [['if (a > 0) {', 'if (a >= 0) {']], why: 'never 0' }]);
    expect([verdict.explained.length, verdict.unexplained.length, verdict.stale]).toEqual([1, 1, []]);
  });

  test('that are caught by now make their explanation stale', () => {
    const explanations = [{ survivors: [['if (a > 0) {', 'if (a >= 0) {']] as const, why: 'never 0' }];
    expect(judge(FILE, toReport(BLOCK), explanations).stale).toEqual(['if (a > 0) { → if (a >= 0) {']);
  });

  test('with a status that says neither are an error, and so is a report about something else', () => {
    expect(() => judge(FILE, toReport(toMutant('CompileError', [1, 1], [1, 2], '')), [])).toThrow('status CompileError');
    expect(() => judge('src/core/b.ts', toReport(GREATER), [])).toThrow('src/core/b.ts');
  });
});

test('a score is never rounded up to what was not reached', () => {
  expect([toScore({ caught: 8499, mutants: 10_000 }), toScore({ caught: 85, mutants: 100 })]).toEqual([84.9, 85]);
  expect(toScore({ caught: 0, mutants: 0 })).toBe(100);
});

describe('the targets', () => {
  const files = TARGETS.flatMap((target) => target.files);

  test('are all of the core, and have tests', () => {
    const core = readdirSync('src/core').map((name) => `src/core/${name}`);
    expect(files.filter((file) => file.startsWith('src/core/')).sort()).toEqual(core.sort());
    const named = TARGETS.flatMap(({ tests }) => tests).concat(files);
    expect(named.filter((file) => !existsSync(file))).toEqual([]);
  });
});
