import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CctError } from '../../core/errors.ts';
import { toRealPath } from '../../files/real-path.ts';
import type { GivenSource } from '../input/read-inputs.ts';
import type { Session } from '../session.ts';
import { isStdout } from './output.ts';

/** Throws `usage` if an output would replace an input, another output, or the file of a comparison. A state may be an input. */
export async function checkFiles({ config, givenBy }: Session, sources: readonly GivenSource[]): Promise<void> {
  const outputs = (['output', 'html'] as const).filter((name) => !isStdout({ output: config[name] }));
  const compared = (['state', 'newSince'] as const).filter((name) => config[name] !== undefined);
  // Most runs have no output files, and can skip the check.
  if (outputs.length === 0) return;
  const flagByPlace = new Map<string, string>();
  for (const name of [...outputs, ...compared]) {
    const place = await toPlace(config[name] ?? '');
    const flag = givenBy[name] ?? '';
    const other = flagByPlace.get(place);
    if (other !== undefined) throw new CctError('usage', `${flag} and ${other} name the same file: give each its own`);
    flagByPlace.set(place, flag);
  }
  const inputs = new Set<string>();
  for (const source of sources) if ('path' in source && source.path !== '-') inputs.add(await toPlace(source.path));
  for (const name of outputs) {
    const path = config[name] ?? '';
    const isInput = inputs.has(await toPlace(path)) && (await stat(path).catch(() => undefined))?.isFile() === true;
    if (isInput) throw new CctError('usage', `${givenBy[name] ?? ''} would replace an input: ${path}`);
  }
}

/** A path that cannot be resolved fails later, when it is opened. */
function toPlace(path: string): Promise<string> {
  return toRealPath(path).catch(() => resolve(path));
}
