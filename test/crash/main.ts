import { runScript } from '../helpers/script.ts';
import { killBatches } from '../helpers/kill-batch.ts';
import { killUpdates } from '../helpers/kill-updates.ts';

/*
 * A hundred `kill -9` each of a cached batch and of an update. After a batch the next run must be right and look up only what is not
 * cached; after an update a whole snapshot must be installed. The seed is printed, and may be an argument.
 */

const KILLS = 100;
const OBSERVABLES = 400;

async function main(): Promise<number> {
  const seed = Number(process.argv[2] ?? Date.now() % 1_000_000);
  const batches = await killBatches({ kills: KILLS, observables: OBSERVABLES, seed });
  const wrong = batches.filter((batch) => !batch.isRight || batch.broken > 0 || batch.askedAgain !== OBSERVABLES - batch.kept);
  const partly = batches.filter(({ kept }) => kept > 0 && kept < OBSERVABLES).length;
  const { problems, ...updates } = await killUpdates({ kills: KILLS, seed });
  process.stdout.write(`seed ${seed}, batches: ${KILLS} kills, ${partly} while answers came, ${wrong.length} wrong\n`);
  process.stdout.write(`updates: ${JSON.stringify(updates)}, ${problems.length} problems\n`);
  for (const line of [...wrong.map((batch) => JSON.stringify(batch)), ...problems]) process.stdout.write(`${line}\n`);
  return wrong.length + problems.length > 0 || partly === 0 ? 1 : 0;
}

runScript(main);
