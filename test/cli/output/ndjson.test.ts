import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNdjsonFormat } from '../../../src/cli/output/ndjson.ts';
import type { LedgerRow } from '../../../src/core/ledger.ts';
import { toSafeJson } from '../../../src/core/safe-text.ts';
import { failedRow, HOSTILE, OBEYED_BUT_LINES, skippedRow, toListedRow, unlistedRow } from './rows.ts';

const write = (row: LedgerRow): string => createNdjsonFormat().add(row);

test('each row is its JSON, on a line of its own', () => {
  const warning = { type: 'warning', code: 'service unavailable', message: 'Instead' } as const;
  const rows: LedgerRow[] = [toListedRow('a', 'Pony'), unlistedRow, { ...unlistedRow, error: warning }, skippedRow, failedRow];
  expect(rows.map(write)).toEqual(rows.map((row) => `${JSON.stringify(row)}\n`));
  expect([...createNdjsonFormat().end()]).toEqual([]);
});

test('whatever an observable holds, its row is read back as it was, and no terminal obeys it', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(HOSTILE, '"', '\\', '\uD800', '</script>'));
  fc.assert(
    fc.property(text, text, fc.constantFrom('live', 'cache', 'snapshot'), (type, value, source) => {
      const row: LedgerRow = { ...unlistedRow, observable: { type, value }, source };
      const line = write(row);
      expect(line).toBe(`${toSafeJson(row)}\n`);
      expect(line.slice(0, -1)).not.toMatch(OBEYED_BUT_LINES);
      expect(JSON.parse(line)).toEqual(row);
    }),
  );
});
