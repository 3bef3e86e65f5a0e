import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { toMarkdownTable, writeReport } from '../helpers/report.ts';

/** Writes the section `generated` of the report. A run of some properties writes nothing. */
export class GeneratedReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const isWhole = modules.every(({ ok }) => typeof ok === 'function') && tests.every((one) => one.result().state !== 'skipped');
    if (isWhole && tests.length > 0) writeReport('generated', toReport(tests), new Date());
  }
}

function toReport(tests: readonly TestCase[]): string {
  const rows = tests.map(toRow).sort(([one = ''], [other = '']) => (one < other ? -1 : 1));
  const seeds = new Set(tests.map((one) => one.meta().generated?.seed));
  const total = tests.reduce((sum, one) => sum + (one.meta().generated?.cases ?? 0), 0);
  const failed = tests.filter((one) => one.result().state === 'failed').length;
  return [
    `${tests.length} properties, ${total.toLocaleString('en')} cases, ${failed} failed. Seed ${[...seeds].join(', ')}.`,
    toMarkdownTable([['property', 'cases', 'processor seconds', 'failures', 'why fewer'], ...rows]),
  ].join('\n\n');
}

function toRow(one: TestCase): string[] {
  const { cases = 0, cpuMs = 0, why = '' } = one.meta().generated ?? {};
  return [
    one.fullName.replaceAll(' > ', ': '),
    cases.toLocaleString('en'),
    (cpuMs / 1000).toFixed(1),
    one.result().state === 'failed' ? '1' : '0',
    why,
  ];
}
