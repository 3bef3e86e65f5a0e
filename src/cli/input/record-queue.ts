import type { Finding } from '../../core/observables/observable.ts';

/** A record as read, without the final line break, and its findings. */
export interface InputRecord {
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** Splits lines into records, whose starts a format reports. A line outside of records is a record without findings. */
export class RecordQueue {
  private lines: string[] = [];
  /** The number of the first of `lines`. */
  private first = 1;
  /** The record of the first of `lines`, if it is known. */
  private open: { readonly lines: number; readonly findings: Finding[] } | undefined;
  private complete: InputRecord[] = [];

  /** Adds lines that are about to be read. */
  push(lines: readonly string[]): void {
    for (const line of lines) this.lines.push(line);
  }

  /** Begins a record at this line, and completes the previous one. */
  begin(line: number, lines: number): void {
    this.close();
    this.takeLines(line - this.first);
    this.open = { lines, findings: [] };
  }

  add(finding: Finding): void {
    this.open?.findings.push(finding);
  }

  /** Takes the complete records, after a format has read the lines; with `isEnd`, all remaining ones. */
  take({ isEnd = false } = {}): readonly InputRecord[] {
    this.close();
    if (isEnd) this.takeLines(this.lines.length);
    const taken = this.complete;
    this.complete = [];
    return taken;
  }

  private close(): void {
    if (!this.open) return;
    const { lines, findings } = this.open;
    this.complete.push({ text: this.lines.splice(0, lines).join('\n'), findings });
    this.first += lines;
    this.open = undefined;
  }

  /** Turns lines outside of records into records. */
  private takeLines(count: number): void {
    if (count <= 0) return;
    for (const text of this.lines.splice(0, count)) this.complete.push({ text, findings: [] });
    this.first += count;
  }
}
