import { readSource } from '../../src/cli/input/read-source.ts';
import { openFormat } from '../../src/cli/output/formats.ts';
import type { FormatName } from '../../src/cli/output/formats.ts';
import { FORMAT_OPTIONS } from './facts.ts';
import type { LedgerRow } from '../../src/core/ledger/ledger.ts';

/** The time of a run in tests. */
export const NOW = FORMAT_OPTIONS.now;

/** What a format prints of rows. */
export async function write(name: FormatName, rows: readonly LedgerRow[], bundleSize = 100): Promise<string> {
  const format = await openFormat(name, { ...FORMAT_OPTIONS, bundleSize });
  return rows.map((row) => format.add([row])).join('') + [...format.end()].join('');
}

/** The distinct observables that cct finds in a text, as `type value`, and what else it says of it. */
export async function readBack(text: string): Promise<{ readonly found: readonly string[]; readonly said: readonly string[] }> {
  const [found, said] = [new Set<string>(), [] as string[]];
  async function* chunks(): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.from(text));
  }
  const report = {
    note: (line: string) => void said.push(line),
    passOver: (_reason: string, piece: string) => void said.push(`passed over: ${piece}`),
    detail: () => undefined,
  };
  const options = { format: 'auto', columns: [], fields: [], encoding: undefined } as const;
  for await (const { findings } of readSource({ name: 'stdin', chunks: chunks() }, options, report)) {
    for (const { type, value } of findings) found.add(`${type} ${value}`);
  }
  return { found: [...found], said };
}
