import { runScript } from '../helpers/script.ts';
import { killBatches } from '../helpers/kill-batch.ts';

/*
 * `kill -9` at 100 moments of a cached batch. After each the next run must be right and ask only what the cache does not hold. A seed may
 * be given as an argument; it is printed, so that a failure can be had again.
 */

const OBSERVABLES = 400;

async function main(): Promise<number | undefined> {
  const seed = Number(process.argv[2] ?? Date.now() % 1_000_000);
  const batches = await killBatches({ kills: 100, observables: OBSERVABLES, seed });
  const wrong = batches.filter((batch) => !batch.isRight || batch.broken > 0 || batch.askedAgain !== OBSERVABLES - batch.kept);
  const partly = batches.filter(({ kept }) => kept > 0 && kept < OBSERVABLES).length;
  process.stdout.write(
    `batch, seed ${seed}: ${batches.length} kills, ${partly} in the middle of the answers, ${wrong.length} wrong\n`,
  );
  for (const batch of wrong) process.stdout.write(`${JSON.stringify(batch)}\n`);
  return wrong.length > 0 || partly === 0 ? 1 : 0;
}

runScript(main);
