import type { Exclusions } from '../core/observables/exclusions.ts';

/** Reads the file of `--exclude`. Rejects with `input`, with file and line. */
export async function openExclusions(file: string, signal: AbortSignal | undefined): Promise<Exclusions> {
  const { readTextFile } = await import('../files/read-text.ts');
  const { parseExclusions } = await import('../core/observables/exclusions.ts');
  return parseExclusions(await readTextFile(file, { signal }), file);
}
