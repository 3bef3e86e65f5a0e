import { runScript } from '../helpers/script.ts';
import { parseArgs } from 'node:util';
import { playRole } from '../bench/servers.ts';
import { writeReport } from '../helpers/report.ts';
import { soak } from './soak.ts';
import { toMarkdown } from './soak-report.ts';

/*
 * `cct serve` as it is built under load, while the tracker and Redis go wrong and come back. Exit 1 when an answer was wrong, the relay
 * died or did not recover, its memory grew beyond the bound, or a signal did not end it as documented. `--seconds` says how long the
 * faults last together, default 60.
 */
async function main(): Promise<number | undefined> {
  const [role = ''] = process.argv.slice(2);
  if (!role.startsWith('-') && (await playRole(process.argv.slice(2)))) return undefined;
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
  const seconds = Number(values.seconds);
  if (!(seconds >= 1)) throw new Error(`--seconds: expected a number from 1, got ${values.seconds}`);
  const soaked = await soak(seconds);
  const markdown = toMarkdown(soaked);
  process.stdout.write(`${markdown}\n`);
  writeReport('soak', markdown, new Date());
  for (const problem of soaked.problems) process.stderr.write(`${problem}\n`);
  return soaked.problems.length > 0 ? 1 : 0;
}

runScript(main);
