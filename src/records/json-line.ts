import { findTooDeep } from './json-depth.ts';

/** A line of JSON. `head` is what stands before it, as syslog does; '' for nothing. `isText`: not even a piece of JSON. */
export type ParsedLine =
  | { readonly kind: 'event'; readonly value: unknown; readonly head: string }
  | { readonly kind: 'unreadable'; readonly reason: string; readonly isText: boolean };

const TOO_DEEP = { kind: 'unreadable', reason: 'JSON nested 1,000 levels deep', isText: false } as const;
const INVALID = { kind: 'unreadable', reason: 'invalid JSON', isText: false } as const;
const TEXT = { kind: 'unreadable', reason: 'no JSON', isText: true } as const;

const PIECE_OF_JSON = /[{}]|":|^["[]/;

/** Parses a line that is one JSON value, or ends in an object behind a head. */
export function parseEvent(line: string): ParsedLine {
  const text = line.trim();
  if (findTooDeep(text) !== -1) return TOO_DEEP;
  const whole = parse(text);
  if (whole) return { kind: 'event', value: whole.value, head: '' };
  const start = text.indexOf('{');
  if (start <= 0 || !text.endsWith('}')) return PIECE_OF_JSON.test(text) ? INVALID : TEXT;
  const behind = text.slice(start);
  const event = findTooDeep(behind) !== -1 ? undefined : parse(behind);
  return event ? { kind: 'event', value: event.value, head: text.slice(0, start) } : INVALID;
}

function parse(text: string): { readonly value: unknown } | undefined {
  // An exception costs more than the parsing of a short line.
  if (!/^[[{"\dtfn-]/.test(text)) return undefined;
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
