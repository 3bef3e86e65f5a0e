import { toSafeJson } from '../../core/safe-text.ts';
import type { Format } from './output.ts';

/** A ledger row a line, as soon as it is known. */
export function createNdjsonFormat(): Format {
  return { isStreaming: true, add: (row) => `${toSafeJson(row)}\n`, end: () => [] };
}
