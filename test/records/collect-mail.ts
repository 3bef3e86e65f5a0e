import type { Reading } from '../../src/records/format.ts';
import { createNoteOnce } from '../../src/records/note-once.ts';
import { readMail } from '../../src/records/mail.ts';

/** What a reading received, in order within each kind. */
export interface Collected {
  readonly reading: Reading;
  readonly found: string[];
  /** `service: value`. */
  readonly derived: string[];
  /** `reason: text`. */
  readonly passedOver: string[];
  readonly notes: string[];
  records: number;
}

export function collect(): Collected {
  const note: Reading['note'] = (message) => void collected.notes.push(message);
  const collected: Collected = {
    found: [],
    derived: [],
    passedOver: [],
    notes: [],
    records: 0,
    reading: {
      name: 'input',
      at: () => undefined,
      add(finding) {
        collected.found.push(finding.value);
        if (finding.derived) collected.derived.push(`${finding.derived}: ${finding.value}`);
      },
      passOver: (reason, text) => collected.passedOver.push(`${reason}: ${text}`),
      note,
      noteOnce: createNoteOnce(note),
      extractions: new Map(),
      count: (records) => (collected.records += records),
    },
  };
  return collected;
}

/** Bytes in pieces of `size`. */
// eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous
async function* toChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** Reads a mail that arrives in pieces of `size` bytes. */
export async function collectMail(mail: string | Uint8Array, size = 4096): Promise<Collected> {
  const collected = collect();
  await readMail(toChunks(typeof mail === 'string' ? Buffer.from(mail) : mail, size), collected.reading);
  return collected;
}

/** Lines, each ended as mail ends them. */
export function toLines(...lines: string[]): string {
  return lines.map((line) => `${line}\r\n`).join('');
}
