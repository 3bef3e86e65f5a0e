import { toPlainName } from './type-names.ts';
import type { Reading } from './format.ts';
import { addKnown } from './record-values.ts';

// A note fits a few lines of a terminal.
const MAX_NAMES = 30;

/** A dotted path with plain names. Keys that hold dots are paths, too: `{"source.ip": …}`. */
function toPlainPath(path: string): string {
  return path.split('.').map(toPlainName).filter(Boolean).join('.');
}

/** Reads the fields that were chosen by their dotted paths, and remembers which of them there are. */
export class FieldPicker {
  private readonly missing: Map<string, string>;
  private readonly wanted: ReadonlySet<string>;
  private readonly names = new Set<string>();

  constructor(fields: readonly string[]) {
    this.missing = new Map(fields.map((field) => [toPlainPath(field), field]));
    this.wanted = new Set(this.missing.keys());
  }

  /** Adds the strings in the chosen fields of one event. */
  read(event: unknown, reading: Reading, line: number | undefined): void {
    if (typeof event !== 'object' || event === null) return;
    if (!Array.isArray(event)) for (const key of Object.keys(event)) if (this.names.size <= MAX_NAMES) this.names.add(key);
    this.walk(event, '', false, (value) => addKnown(value, reading, line));
  }

  private walk(value: unknown, path: string, isChosen: boolean, add: (value: string) => void): void {
    if (typeof value === 'string') {
      if (isChosen) add(value);
    } else if (Array.isArray(value)) {
      for (const item of value as unknown[]) this.walk(item, path, isChosen, add);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        const childPath = toPlainPath(`${path}.${key}`);
        // Splunk wraps each event, and users name the fields within.
        const found = [childPath, childPath.replace(/^result\./, '')].find((name) => this.wanted.has(name));
        if (found !== undefined) this.missing.delete(found);
        this.walk(child, childPath, isChosen || found !== undefined, add);
      }
    }
  }

  /** Notes each chosen field that no event has. */
  noteMissing(reading: Reading): void {
    const names = [...this.names];
    const shown = names.slice(0, MAX_NAMES).join(', ') + (names.length > MAX_NAMES ? ', …' : '');
    for (const field of this.missing.values()) reading.note(`no event has the field "${field}" (there are: ${shown})`);
  }
}
