import { decodeWindows1252 } from '../core/windows-1252.ts';
import type { ByteSink } from './mail-lines.ts';
import { endsLine, HeldBytes, toLatin1 } from './mail-lines.ts';

/** Decodes a transfer encoding into `next`; unknown encodings pass through unchanged. */
export function decodeTransfer(encoding: string, next: ByteSink): ByteSink {
  if (encoding.includes('base64')) return new Base64(next);
  if (encoding.includes('quoted-printable')) return new QuotedPrintable(next);
  return next;
}

class QuotedPrintable implements ByteSink {
  private readonly next: ByteSink;
  /** An escape cut by the end of a piece. */
  private held = '';

  constructor(next: ByteSink) {
    this.next = next;
  }

  write(line: Buffer): void {
    const isWhole = endsLine(line);
    const text = this.held + (isWhole ? toLatin1(line) : line.toString('latin1'));
    const isSoft = text.endsWith('=');
    this.held = isWhole ? '' : (/=.?$/s.exec(text)?.[0] ?? '');
    const body = isWhole ? text.slice(0, isSoft ? -1 : undefined) : text.slice(0, text.length - this.held.length);
    this.pass(isWhole && !isSoft ? `${body}\n` : body);
  }

  end(): void {
    if (this.held !== '=') this.pass(this.held);
    this.next.end();
  }

  private pass(text: string): void {
    if (text === '') return;
    const decoded = text.replace(/=([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
    this.next.write(Buffer.from(decoded, 'latin1'));
  }
}

// Decoded at once: a multiple of four.
const BASE64_BLOCK = 65_536;

const NO_BASE64 = /[^A-Za-z\d+/=]/;
const LINE_BREAK = Buffer.from('\n');

class Base64 implements ByteSink {
  private readonly next: ByteSink;
  private held: string[] = [];
  private heldLength = 0;
  private longestLine = 0;
  private hasEnded = false;

  constructor(next: ByteSink) {
    this.next = next;
  }

  write(line: Buffer): void {
    const given = line.toString('latin1');
    // Mailing lists and gateways add lines of text to the end.
    if (this.hasEnded && NO_BASE64.test(given.trim())) {
      this.flush(true);
      this.next.write(Buffer.concat([LINE_BREAK, line]));
      return;
    }
    const text = given.replace(/[^A-Za-z\d+/=]+/g, '');
    this.hasEnded = text.endsWith('=') || text.length < this.longestLine;
    this.longestLine = Math.max(this.longestLine, text.length);
    this.held.push(text);
    this.heldLength += text.length;
    if (this.heldLength >= BASE64_BLOCK) this.flush(false);
  }

  end(): void {
    this.flush(true);
    this.next.end();
  }

  /** Padding ends a text of its own; another may follow. */
  private flush(isLast: boolean): void {
    const texts = this.held.join('').split(/=+/);
    const last = texts.pop() ?? '';
    const whole = isLast ? last.length : last.length - (last.length % 4);
    const decoded = [...texts, last.slice(0, whole)].map((text) => Buffer.from(text, 'base64'));
    this.next.write(decoded.length === 1 && decoded[0] ? decoded[0] : Buffer.concat(decoded));
    this.held = [last.slice(whole)];
    this.heldLength = last.length - whole;
  }
}

/** Takes decoded text in order. */
export interface TextSink {
  write(text: string): void;
  end(): void;
}

/** Reports what was assumed about a charset. */
export type CharsetNote = (message: string) => void;

const UTF_8 = /^(?:|utf-?8|us-ascii|ascii|unknown-8bit|x-unknown|utf8mb4|default|x-user-defined)$/;

/** Decodes bytes of a charset into `next`: lines that are no UTF-8, and unknown charsets, as windows-1252, with a note. */
export function decodeCharset(charset: string, next: TextSink, note: CharsetNote): ByteSink {
  const label = charset.trim().toLowerCase();
  if (UTF_8.test(label)) return new Utf8Lines(next, note);
  const decoder = openDecoder(label);
  if (!decoder) note(`unknown charset "${label.slice(0, 40)}": read as windows-1252`);
  return decoder?.encoding.startsWith('utf-16') === true
    ? new Utf16(decoder, next, note)
    : new Streamed(decoder ?? new TextDecoder('windows-1252'), next);
}

type Decoder = InstanceType<typeof TextDecoder>;

// Names of mail programs that the Encoding standard lacks.
const CHARSETS = new Map([
  ['cp932', 'shift_jis'],
  ['cp936', 'gbk'],
  ['cp949', 'euc-kr'],
  ['cp950', 'big5'],
  ['cp65001', 'utf-8'],
]);

function openDecoder(label: string): Decoder | undefined {
  const page = /^(?:x-|cs)?(?:cp|ms|windows|win|ibm)?[-_]?(\d{3,4})$/.exec(label)?.[1];
  const names = [
    CHARSETS.get(label) ?? label,
    label.replace(/^(?:x-|cs)/, ''),
    ...(page === undefined ? [] : [`windows-${page}`, `ibm${page}`]),
  ];
  for (const name of names) {
    try {
      return new TextDecoder(name);
    } catch {
      continue;
    }
  }
  return undefined;
}

class Streamed implements ByteSink {
  private readonly decoder: Decoder;
  private readonly next: TextSink;

  constructor(decoder: Decoder, next: TextSink) {
    this.decoder = decoder;
    this.next = next;
  }

  write(bytes: Buffer): void {
    this.next.write(this.decoder.decode(bytes, { stream: true }));
  }

  end(): void {
    this.next.write(this.decoder.decode());
    this.next.end();
  }
}

/** Text that is called UTF-16 and holds no NUL byte is read as UTF-8. */
class Utf16 implements ByteSink {
  private readonly open: (bytes: Buffer) => ByteSink;
  private sink: ByteSink | undefined;

  constructor(decoder: Decoder, next: TextSink, note: CharsetNote) {
    this.open = (bytes) => (bytes.includes(0) ? new Streamed(decoder, next) : new Utf8Lines(next, note));
  }

  write(bytes: Buffer): void {
    this.sink ??= this.open(bytes);
    this.sink.write(bytes);
  }

  end(): void {
    this.sink ??= this.open(Buffer.alloc(0));
    this.sink.end();
  }
}

const LINE_FEED = 0x0a;
const FIRST_NON_ASCII = 0x80;
// A longer line is decoded in pieces.
const MAX_HELD = 65_536;
const REPLACEMENT = Buffer.from('\uFFFD');

class Utf8Lines implements ByteSink {
  private readonly next: TextSink;
  private readonly note: CharsetNote;
  /** The beginning of a line, whose last character may be cut. */
  private readonly held = new HeldBytes();

  constructor(next: TextSink, note: CharsetNote) {
    this.next = next;
    this.note = note;
  }

  write(bytes: Buffer): void {
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) this.pass(this.held.release(bytes.subarray(0, end)));
    if (end === bytes.length) return;
    this.held.push(bytes.subarray(end));
    if (this.held.length > MAX_HELD) this.passBeginning();
  }

  end(): void {
    this.pass(this.held.release());
    this.next.end();
  }

  private passBeginning(): void {
    const bytes = this.held.release();
    let end = bytes.length;
    while (end > 0 && (bytes[end - 1] ?? 0) >= FIRST_NON_ASCII) end -= 1;
    if (end === 0) end = bytes.length;
    this.pass(bytes.subarray(0, end));
    if (end < bytes.length) this.held.push(bytes.subarray(end));
  }

  private pass(lines: Buffer): void {
    const text = lines.toString('utf8');
    if (!text.includes('\uFFFD')) {
      this.next.write(text);
      return;
    }
    for (let start = 0; start < lines.length;) {
      const at = lines.indexOf(LINE_FEED, start);
      const end = at < 0 ? lines.length : at + 1;
      this.next.write(this.decodeLine(lines.subarray(start, end)));
      start = end;
    }
  }

  private decodeLine(line: Buffer): string {
    const text = line.toString('utf8');
    if (!text.includes('\uFFFD') || line.includes(REPLACEMENT)) return text;
    this.note('a line is not UTF-8: read as windows-1252');
    return decodeWindows1252(line);
  }
}
