import { runScript } from '../helpers/script.ts';
import { parseArgs } from 'node:util';
import { playRole } from '../bench/servers.ts';
import { writeReport } from '../helpers/report.ts';
import { soak } from './soak.ts';

/*
 * The built `cct serve` under load while the tracker and Redis fail and come back. Exit 1 when an answer was wrong, the relay died or did
 * not recover, its memory grew beyond the bound, or a signal did not end it as documented. `--seconds`: the duration of the faults, by
 * default 60.
 */
async function main(): Promise<number | undefined> {
  const [role = ''] = process.argv.slice(2);
  if (!role.startsWith('-') && (await playRole(process.argv.slice(2)))) return undefined;
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
  const seconds = Number(values.seconds);
  if (!(seconds >= 1)) throw new Error(`--seconds: expected a number from 1, got ${values.seconds}`);
  const { markdown, problems } = await soak(seconds);
  process.stdout.write(`${markdown}\n`);
  writeReport('soak', markdown, new Date());
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return problems.length > 0 ? 1 : 0;
}

runScript(main);
