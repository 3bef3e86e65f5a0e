import { toMib } from '../bench/mixed.ts';
import { toMarkdownTable } from '../helpers/report.ts';
import type { Load } from './load.ts';
import type { Soaked } from './soak.ts';
import { MOST_GROWTH } from './soak.ts';

/** A soak as the section of a report. */
export function toMarkdown(soaked: Soaked): string {
  const { seconds, bare, quiet, disturbed, disturbances, memory, problems } = soaked;
  const { faults, redisKills, hangUps } = disturbances;
  const phase = (what: string, load: Load, than: string, baseline: Load) => [
    what,
    `${load.perSecond.toFixed(0)} a second`,
    `${(load.perSecond / baseline.perSecond).toFixed(2)} of ${than}`,
    `${load.p50Ms} ms`,
    `${load.p99Ms} ms`,
    String(load.answers),
    String(load.broken),
  ];
  const loads = toMarkdownTable([
    ['phase', 'rate', 'ratio', 'p50', 'p99', 'answers', 'broken or late'],
    phase('bare server of the same answers', bare, 'itself', bare),
    phase('relay, nothing goes wrong', quiet, 'the bare server', bare),
    phase(`relay, ${seconds} s of faults`, disturbed, 'the quiet phase', quiet),
  ]);
  const growth = (bytes: number) => (bytes / memory.warmBytes).toFixed(2);
  const facts = toMarkdownTable([
    ['what', 'measured', 'bound'],
    ['wrong answers', String(soaked.wrong), '0'],
    ['faults of the tracker', `${faults.length}: ${[...new Set(faults)].join(', ')}`, ''],
    ['Redis killed and started again', String(redisKills), ''],
    ['callers that hung up', String(hangUps), ''],
    ['memory at the start', toMib(memory.startBytes), ''],
    ['after the quiet phase', toMib(memory.warmBytes), ''],
    ['at most', `${toMib(memory.mostBytes)}, ${growth(memory.mostBytes)} of that`, ''],
    ['at the end', `${toMib(memory.endBytes)}, ${growth(memory.endBytes)} of that`, String(MOST_GROWTH)],
    ['all answered live after the last fault', `${(soaked.recoveryMs / 1000).toFixed(1)} s`, '20 s'],
    ['SIGTERM to the end, lookups of 0.5 s under way', `${(soaked.stopMs / 1000).toFixed(1)} s`, '10 s'],
  ]);
  const errors = toMarkdownTable([
    ['errors of an answer', 'answers'],
    ...[...soaked.byErrors].sort(([, a], [, b]) => b - a).map(([codes, count]) => [codes === '' ? 'none' : codes, String(count)]),
  ]);
  const verdict = problems.length === 0 ? 'Nothing was lost or wrong.' : `Failed: ${problems.join('; ')}`;
  return [verdict, loads, facts, errors].join('\n\n');
}
