import { runScript } from '../helpers/script.ts';
import { writeReport } from '../helpers/report.ts';
import { measureBulk, measureLoading, measureTenfold } from './bulk.ts';
import { toMarkdown, toText } from './figures.ts';
import { measurePoliteness, measureRate } from './lookups.ts';
import { measureMixedLoad } from './mixed-load.ts';
import { measureBatch, measureLive, measureMemory, measureOverload } from './relay.ts';
import { measureJoin, measureRecords, measureText } from './reading.ts';
import { playRole } from './servers.ts';
import { measureCached, measureColdStart, measureStart } from './start-up.ts';

/*
 * Speed, as ratios against baselines of the same run: machines differ, and are noisy. Exit 1 for a wrong answer and for too many
 * requests in flight, not for a figure over its limit. Servers run in their own processes.
 */

const MEASUREMENTS = {
  version: () => measureStart('cct --version', 1.25, ['--version']),
  observe: () =>
    measureStart('cct observe observables.json --snapshot sample', 2, ['observe', 'observables.json', '--snapshot', 'sample']),
  lambda: measureColdStart,
  cached: measureCached,
  politeness: measurePoliteness,
  rate: measureRate,
  memory: measureMemory,
  live: measureLive,
  batch: measureBatch,
  overload: measureOverload,
  mixed: measureMixedLoad,
  bulk: measureBulk,
  tenfold: measureTenfold,
  loading: measureLoading,
  text: measureText,
  records: measureRecords,
  join: measureJoin,
} as const;

/** All measurements, with a report, or the named ones without. */
async function main(): Promise<undefined> {
  const args = process.argv.slice(2);
  if (await playRole(args)) return undefined;
  const figures = [];
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (args.length === 0 || args.includes(name)) figures.push(...[await measure()].flat());
  }
  process.stdout.write(toText(figures));
  if (args.length === 0) writeReport('speed', toMarkdown(figures), new Date());
  return undefined;
}

runScript(main);
