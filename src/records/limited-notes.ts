import type { Reading } from './format.ts';

const MAX_NOTES = 10;

/** Notes of one kind: the first ten each, and how many more there were. */
export class LimitedNotes {
  private more = 0;
  private noted = 0;
  private readonly reading: Reading;
  private readonly one: string;
  private readonly several: string;

  /** The words follow the number of those left: `line that is cut`, `lines that are cut`. */
  constructor(reading: Reading, one: string, several: string) {
    this.reading = reading;
    this.one = one;
    this.several = several;
  }

  add(message: string, line: number): void {
    if (this.noted === MAX_NOTES) {
      this.more += 1;
      return;
    }
    this.noted += 1;
    this.reading.note(message, line);
  }

  end(): void {
    if (this.more === 0) return;
    this.reading.note(`${this.more.toLocaleString('en-US')} more ${this.more === 1 ? this.one : this.several}`);
  }
}
