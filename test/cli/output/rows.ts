import type { LedgerRow, Mode } from '../../../src/core/ledger/ledger.ts';
import { toLedgerRow } from '../../../src/core/ledger/ledger.ts';
import { API_URL, toListedOutcome } from '../../core/samples.ts';

/** A row about a listed url, with its documents. */
export function toListedRow(path: string, family: string, mode: Mode = 'observe'): LedgerRow {
  const message = `Malicious: ${family}`;
  return toLedgerRow(toListedOutcome(path, { message, family, firstListed: '2018-01-14' }), { mode, apiUrl: API_URL });
}

/** A row of each of the other fates. */
export const unlistedRow: LedgerRow = {
  observable: { type: 'ip', value: '192.0.2.1' },
  status: 'unlisted',
  source: 'live',
  answered_at: '2026-03-01T12:34:56.789Z',
};

export const skippedRow: LedgerRow = {
  observable: { type: 'domain', value: 'panel.example' },
  status: 'skipped',
  reason: 'unsupported: domains need a list',
};

export const failedRow: LedgerRow = {
  observable: { type: 'ip', value: '192.0.2.9' },
  status: 'failed',
  error: { type: 'fatal', code: 'key error', message: "The tracker's answer is empty" },
};

/** Sequences that would colour, clear, retitle, move, ring or reorder. */
export const HOSTILE = '\u001B[31mred\u001B]0;title\u0007\u009B2J\b\r\n\t\u202Eevil\u2028\0';

/** What a terminal would obey, or would show out of order. */
export const OBEYED = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/u;

/** The same with line breaks allowed. */
export const OBEYED_BUT_LINES = /(?![\r\n])[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/u;
