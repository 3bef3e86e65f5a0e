import { answerRows } from './answer-rows.ts';
import type { Cell, Pace } from './cells.ts';
import { cellsOf, nameOf } from './cells.ts';

/** How long a cell may take. */
export const PACE: Pace = { timeoutMs: 1_000, slackMs: 5_000 };

const cells = answerRows.filter(({ what }) => what === '404').flatMap(cellsOf);

/** The cell of the fault 404 that has this name. Throws where there is none. */
export function find(name: string): Cell {
  const cell = cells.find((candidate) => nameOf(candidate) === `404: ${name}`);
  if (!cell) throw new Error(`There is no cell ${name}: ${cells.map(nameOf).join('; ')}`);
  return cell;
}
