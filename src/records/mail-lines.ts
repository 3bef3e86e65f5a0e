/** Takes bytes in order. */
export interface ByteSink {
  write(bytes: Buffer): void;
  end(): void;
}

const LINE_FEED = 0x0a;
// Longer lines arrive in pieces, so that one endless line takes no memory.
const MAX_HELD = 65_536;

/** Bytes that wait for more. */
export class HeldBytes {
  private pieces: Buffer[] = [];
  private bytes = 0;

  get length(): number {
    return this.bytes;
  }

  push(piece: Buffer): void {
    this.pieces.push(piece);
    this.bytes += piece.length;
  }

  /** All of them, and `last` behind them; holds nothing then. */
  release(last?: Buffer): Buffer {
    if (this.pieces.length === 0 && last) return last;
    if (last) this.pieces.push(last);
    const all = Buffer.concat(this.pieces);
    this.pieces = [];
    this.bytes = 0;
    return all;
  }
}

/** Cuts bytes into lines with their line breaks; a long line comes in pieces, of which only the last ends with a break. */
export class LineSplitter {
  private readonly held = new HeldBytes();

  *split(bytes: Buffer): Generator<Buffer> {
    let start = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, start)) {
      yield this.held.release(bytes.subarray(start, at + 1));
      start = at + 1;
    }
    if (start === bytes.length) return;
    this.held.push(bytes.subarray(start));
    if (this.held.length > MAX_HELD) yield this.held.release();
  }

  /** The rest without a line break; undefined if there is none. */
  rest(): Buffer | undefined {
    return this.held.length > 0 ? this.held.release() : undefined;
  }
}

/** Whether a line, or the last piece of one, ends with a line break. */
export function endsLine(line: Buffer): boolean {
  return line[line.length - 1] === LINE_FEED;
}

/** The characters of a line, one a byte, without its line break and the blanks before it. */
export function toLatin1(line: Buffer): string {
  let end = line.length;
  while (end > 0 && isBlank(line[end - 1])) end -= 1;
  return line.toString('latin1', 0, end);
}

const isBlank = (byte: number | undefined) => byte === LINE_FEED || byte === 0x0d || byte === 0x20 || byte === 0x09;
