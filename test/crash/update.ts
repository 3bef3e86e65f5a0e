import { runScript } from '../helpers/script.ts';
import { killUpdates } from '../helpers/kill-updates.ts';

/** A hundred kills, or as many as the first argument says; the second is the seed. Exit 1 when anything was not whole. */
async function main(): Promise<number | undefined> {
  const [kills = 100, seed = 1] = process.argv.slice(2).map(Number);
  const { problems, ...report } = await killUpdates({ kills, seed });
  process.stdout.write(`${JSON.stringify(report)}\n${problems.map((problem) => `${problem}\n`).join('')}`);
  return problems.length === 0 ? 0 : 1;
}

runScript(main);
