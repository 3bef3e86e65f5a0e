import type { Finding } from '../../core/observable.ts';

/** A record as it came, without the line break at its end, and what it names. */
export interface InputRecord {
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** Splits lines into records as a format tells where each begins. A line that belongs to none is a record without findings. */
export class RecordQueue {
  private lines: string[] = [];
  /** The number of the first of `lines`. */
  private first = 1;
  /** The record of the first of `lines`, if it is known. */
  private open: { readonly lines: number; readonly findings: Finding[] } | undefined;
  private over: InputRecord[] = [];

  /** Lines that are about to be read. */
  push(lines: readonly string[]): void {
    for (const line of lines) this.lines.push(line);
  }

  /** A record begins at this line; the one before it is complete. */
  begin(line: number, lines: number): void {
    this.close();
    this.takeLines(line - this.first);
    this.open = { lines, findings: [] };
  }

  add(finding: Finding): void {
    this.open?.findings.push(finding);
  }

  /** The complete records, after a format has read all that it could of the lines; with `isEnd` all that are left. */
  take({ isEnd = false } = {}): readonly InputRecord[] {
    this.close();
    if (isEnd) this.takeLines(this.lines.length);
    const taken = this.over;
    this.over = [];
    return taken;
  }

  private close(): void {
    if (!this.open) return;
    const { lines, findings } = this.open;
    this.over.push({ text: this.lines.splice(0, lines).join('\n'), findings });
    this.first += lines;
    this.open = undefined;
  }

  /** Takes lines that are part of no record. */
  private takeLines(count: number): void {
    if (count <= 0) return;
    for (const text of this.lines.splice(0, count)) this.over.push({ text, findings: [] });
    this.first += count;
  }
}
