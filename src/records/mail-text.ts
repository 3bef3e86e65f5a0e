import { searchLines } from './html-links.ts';
import { openHtml } from './html.ts';
import { AttachedData } from './mail-data.ts';
import type { TextSink } from './mail-decoding.ts';
import { decodeCharset, decodeTransfer } from './mail-decoding.ts';
import type { StructuredValue } from './mail-headers.ts';
import { isHeaderStart, parseHeaders } from './mail-headers.ts';
import type { ByteSink } from './mail-lines.ts';
import type { MailContext, PartKind } from './mail-parts.ts';
import { passHeader } from './mail-parts.ts';
import { createRequestJoiner } from './request-lines.ts';

/** How the lines of a text belong together. */
type Lines = 'separate' | 'flowed' | 'folded' | 'headers';

/** A part to read. `name` is its file name, or empty. */
interface TextPart {
  readonly type: StructuredValue;
  readonly encoding: string;
  readonly kind: PartKind;
  readonly name: string;
}

/** Opens a part of text, headers, HTML or data. */
export function openText(part: TextPart, context: MailContext): ByteSink {
  const charset = part.type.parameters.get('charset') ?? '';
  return decodeTransfer(
    part.encoding,
    decodeCharset(charset, openSink(part, context), (message) => context.noteOnce(message)),
  );
}

function openSink({ type, kind, name }: TextPart, context: MailContext): TextSink {
  if (kind === 'html') {
    const html = openHtml(context.reading);
    return { write: (text) => html.write(text, context.line), end: () => html.end() };
  }
  const text = new PlainText(context, kind === 'headers' ? kind : findLines(type));
  if (kind !== 'data') return text;
  const isNamed = /\.[ct]sv$/i.test(name);
  return new AttachedData(!isNamed && TABLE_TYPE.test(type.value) ? `${name || 'attachment'}.csv` : name, text, context);
}

const TABLE_TYPE = /csv$|tab-separated-values$/;

/** Opens text that has no headers of its own. */
export function openPlain(context: MailContext): ByteSink {
  return decodeCharset('', new PlainText(context, 'separate'), (message) => context.noteOnce(message));
}

function findLines({ value, parameters }: StructuredValue): Lines {
  if (/^text\/(?:x-v?calendar|calendar|(?:x-)?vcard|directory)$/.test(value)) return 'folded';
  const isFlowed = parameters.get('format')?.toLowerCase() === 'flowed' && parameters.get('delsp')?.toLowerCase() === 'yes';
  return isFlowed ? 'flowed' : 'separate';
}

// A longer line is searched in pieces, cut at a blank.
const MAX_LINE = 1 << 18;

class PlainText implements TextSink {
  private readonly context: MailContext;
  private readonly lines: Lines;
  /** The beginning of a line. */
  private held: string[] = [];
  private heldLength = 0;
  /** Lines that the next one may continue. */
  private joined = '';
  private readonly joinRequest = createRequestJoiner();
  private quotes = '';

  constructor(context: MailContext, lines: Lines) {
    this.context = context;
    this.lines = lines;
  }

  write(text: string): void {
    const lines = text.split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) this.endLine(line);
    if (last === '') return;
    this.held.push(last);
    this.heldLength += last.length;
    if (this.heldLength > MAX_LINE) this.searchBeginning();
  }

  end(): void {
    this.endLine('');
    this.search();
  }

  private endLine(text: string): void {
    const whole = this.held.length === 0 ? text : this.held.join('') + text;
    this.held = [];
    this.heldLength = 0;
    this.join(whole.endsWith('\r') ? whole.slice(0, -1) : whole);
  }

  private join(line: string): void {
    if (this.lines === 'flowed') this.joinFlowed(line);
    else if (this.lines === 'separate') this.joined += line;
    else this.joinFolded(line);
    if (this.lines === 'separate' || this.joined.length > MAX_LINE) this.search();
  }

  private joinFolded(line: string): void {
    const continues = /^[ \t]/.test(line);
    if (!continues) this.search();
    // The blank is part of a header, and only marks the fold of a calendar.
    this.joined += continues && this.lines === 'folded' ? line.slice(1) : line;
  }

  /** RFC 3676, DelSp: only lines of the same depth of quotes belong together. */
  private joinFlowed(line: string): void {
    const [mark] = /^>* ?/.exec(line) ?? [''];
    const quotes = mark.trimEnd();
    if (quotes !== this.quotes) this.search();
    this.quotes = quotes;
    const text = line.slice(mark.length);
    // A signature's mark ends with a blank too.
    const goesOn = text.endsWith(' ') && text !== '-- ';
    this.joined += goesOn ? text.slice(0, -1) : text;
    if (!goesOn) this.search();
  }

  private searchBeginning(): void {
    const text = this.joined + this.held.join('');
    const blank = text.lastIndexOf(' ') + 1;
    const end = blank > 0 ? blank : text.length;
    this.joined = text.slice(0, end);
    this.search();
    this.held = [text.slice(end)];
    this.heldLength = text.length - end;
  }

  private search(): void {
    const text = this.joined;
    this.joined = '';
    if (text === '') return;
    if (this.lines === 'headers' && isHeaderStart(text)) {
      for (const header of parseHeaders([text])) passHeader(header, true, this.context);
      return;
    }
    searchLines(this.lines === 'folded' ? unescapeFolded(text) : this.joinRequest(text), this.context.reading, this.context.line);
  }
}

/** The text of a calendar's or card's line (RFC 5545, RFC 6350). */
function unescapeFolded(text: string): string {
  return text.replace(/\\([nN,;\\])/g, (_, character: string) => (character.toLowerCase() === 'n' ? '\n' : character));
}
