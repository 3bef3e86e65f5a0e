import type { Reading } from './format.ts';

// Notes may name what a hostile input made up.
const MAX_NOTES = 20;

/** Passes each message to `note` the first time, and at most 20 different ones. For one input. */
export function createNoteOnce(note: Reading['note']): Reading['noteOnce'] {
  const noted = new Set<string>();
  return (message, line) => {
    if (noted.has(message) || noted.size >= MAX_NOTES) return;
    noted.add(message);
    note(message, line);
  };
}
