import { expect, test } from 'vitest';
import { createNdjsonFormat } from '../../../src/cli/output/formats.ts';
import type { LedgerRow } from '../../../src/core/ledger/ledger.ts';
import { failedRow, skippedRow, toListedRow, unlistedRow } from './rows.ts';

const write = (row: LedgerRow): string => createNdjsonFormat().add([row]);

test('each row is its JSON, on a line of its own', () => {
  const warning = { type: 'warning', code: 'service unavailable', message: 'Instead' } as const;
  const rows: LedgerRow[] = [toListedRow('a', 'Pony'), unlistedRow, { ...unlistedRow, error: warning }, skippedRow, failedRow];
  expect(rows.map(write)).toEqual(rows.map((row) => `${JSON.stringify(row)}\n`));
  expect([...createNdjsonFormat().end()]).toEqual([]);
});
