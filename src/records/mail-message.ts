import { decodeTransfer } from './mail-decoding.ts';
import type { MailHeader } from './mail-headers.ts';
import { decodeHeader, findHeader, isHeaderStart, parseHeaders, parseStructured } from './mail-headers.ts';
import type { ByteSink } from './mail-lines.ts';
import { endsLine, LineSplitter, toLatin1 } from './mail-lines.ts';
import type { MailContext } from './mail-parts.ts';
import { findKind, passHeader } from './mail-parts.ts';
import { openPlain, openText } from './mail-text.ts';

interface Multipart {
  /** Undefined where none is declared. */
  readonly boundary: string | undefined;
  /** The default of its parts. */
  readonly partType: string;
  /** The place of an outer multipart with the same boundary. */
  readonly shadowed: number | undefined;
  hasPart: boolean;
}

const MAX_HEADER_BYTES = 1 << 20;
const MAX_MESSAGE_DEPTH = 10;
/** The line before each message of a mailbox: a sender, a time and a year. Lines of messages may begin with `From ` too. */
export const MBOX_START = /^From \S(?=.*\b(?:19|20)\d\d\b).*\d:\d\d/;
const DASH = 0x2d;

/** Reads a message as its bytes arrive; only parts of text are decoded, all others are dropped. */
export class MessageReader implements ByteSink {
  private readonly context: MailContext;
  private readonly depth: number;
  private readonly splitter = new LineSplitter();
  private readonly multiparts: Multipart[] = [];
  /** Places in `multiparts`, by boundary. */
  private readonly places = new Map<string, number>();
  /** Lines of the headers that are being read; undefined in a body. */
  private headers: string[] | undefined = [];
  private headerBytes = 0;
  private body: ByteSink | undefined;
  private startsLine = true;
  private isMailbox = false;
  /** A line that may be a boundary other than the declared one. */
  private candidate: string | undefined;

  constructor(context: MailContext, depth = 0) {
    this.context = context;
    this.depth = depth;
  }

  write(bytes: Buffer): void {
    for (const line of this.splitter.split(bytes)) this.readLine(line);
  }

  end(): void {
    const rest = this.splitter.rest();
    if (rest) this.readLine(rest);
    this.endMessage();
  }

  private readLine(line: Buffer): void {
    const isStart = this.startsLine;
    this.startsLine = endsLine(line);
    if (isStart && this.depth === 0) this.context.line += 1;
    if (isStart && this.depth === 0 && this.isMessageStart(line)) this.startMessage();
    else if (this.headers) this.readHeaderLine(line, isStart, this.headers);
    else this.readBodyLine(line, isStart);
  }

  private isMessageStart(line: Buffer): boolean {
    if (line[0] !== 0x46 || line.toString('latin1', 0, 5) !== 'From ') return false;
    if (this.isAtStart()) this.isMailbox = true;
    return this.isMailbox && MBOX_START.test(line.toString('latin1', 0, 200));
  }

  private isAtStart(): boolean {
    return this.headers?.length === 0 && this.multiparts.length === 0;
  }

  private startMessage(): void {
    if (!this.isAtStart()) this.endMessage();
    this.headers = [];
  }

  private endMessage(): void {
    if (this.headers) this.endHeaders(this.headers);
    this.endBody();
    this.leave(0);
  }

  private readHeaderLine(line: Buffer, isStart: boolean, headers: string[]): void {
    const text = decodeHeaderLine(line);
    this.headerBytes += line.length;
    if (this.headerBytes > MAX_HEADER_BYTES) {
      this.context.noteOnce('the headers of a message are longer than 1 MiB: the rest was read as text');
    } else if (!isStart) {
      headers.push(` ${text}`);
      return;
    } else if (text === '') {
      if (!this.isAtStart()) this.endHeaders(headers);
      return;
    } else if (isHeaderStart(text) || (headers.length > 0 && /^[ \t]/.test(text)) || this.isEnvelope(text)) {
      headers.push(text);
      return;
    }
    this.endHeaders(headers);
    this.readBodyLine(line, isStart);
  }

  private isEnvelope(text: string): boolean {
    return this.headers?.length === 0 && /^>?From /.test(text);
  }

  private readBodyLine(line: Buffer, isStart: boolean): void {
    const candidate = this.candidate;
    this.candidate = undefined;
    if (isStart && line[0] === DASH && line[1] === DASH && this.passBoundary(toLatin1(line))) return;
    if (candidate !== undefined && isStart && /^content-[a-z-]+[ \t]*:/i.test(line.toString('latin1', 0, 100))) {
      this.adoptBoundary(candidate);
      this.readLine(line);
      return;
    }
    this.body?.write(line);
  }

  private passBoundary(line: string): boolean {
    const text = line.slice(2);
    const place = this.places.get(text);
    if (place !== undefined) {
      this.startPart(place);
      return true;
    }
    const last = text.endsWith('--') ? this.places.get(text.slice(0, -2)) : undefined;
    if (last === undefined) {
      if (this.multiparts.at(-1)?.hasPart === false && /^\S.{0,199}$/.test(text)) this.candidate = text;
      return false;
    }
    this.endBody();
    // Otherwise it stays known, since more parts may follow the end.
    const isShared = this.multiparts[last]?.shadowed !== undefined;
    this.leave(isShared ? last : last + 1);
    this.body = openPlain(this.context);
    return true;
  }

  private startPart(place: number): void {
    this.endBody();
    this.leave(place + 1);
    const multipart = this.multiparts[place];
    if (multipart) multipart.hasPart = true;
    this.headers = [];
    this.headerBytes = 0;
  }

  /** Keeps the declared boundary in case it occurs later. */
  private adoptBoundary(boundary: string): void {
    this.context.noteOnce('parts of a mail were read that another boundary than the declared one divides');
    const declared = this.multiparts.at(-1);
    if (declared) declared.hasPart = true;
    this.enter(boundary, 'text/plain');
    this.startPart(this.multiparts.length - 1);
    // The line is read again, as a header.
    if (this.depth === 0) this.context.line -= 1;
    this.startsLine = true;
  }

  private enter(boundary: string | undefined, partType: string): void {
    const shadowed = boundary === undefined ? undefined : this.places.get(boundary);
    if (boundary !== undefined) this.places.set(boundary, this.multiparts.length);
    this.multiparts.push({ boundary, partType, shadowed, hasPart: false });
  }

  /** Leaves the multiparts from a place on. */
  private leave(place: number): void {
    while (this.multiparts.length > place) {
      const left = this.multiparts.pop();
      if (left?.hasPart === false) {
        this.context.noteOnce('the boundary that a mail declares never occurs: its body was read as text');
      }
      if (left?.boundary === undefined) continue;
      if (left.shadowed === undefined) this.places.delete(left.boundary);
      else this.places.set(left.boundary, left.shadowed);
    }
  }

  private endBody(): void {
    const { body } = this;
    this.body = undefined;
    this.candidate = undefined;
    body?.end();
  }

  private endHeaders(lines: readonly string[]): void {
    this.headers = undefined;
    this.headerBytes = 0;
    const headers = parseHeaders(lines);
    const isMessage = this.multiparts.length === 0;
    if (isMessage && this.depth === 0) this.context.reading.count(1);
    for (const header of headers) passHeader(header, isMessage, this.context);
    this.openBody(headers);
  }

  private openBody(headers: readonly MailHeader[]): void {
    const partType = this.multiparts.at(-1)?.partType ?? 'text/plain';
    const type = parseStructured(findHeader(headers, 'content-type') ?? partType);
    if (type.value.startsWith('multipart/')) {
      const boundary = type.parameters.get('boundary')?.trimEnd();
      const latin1 = boundary === undefined ? undefined : Buffer.from(boundary, 'utf8').toString('latin1');
      this.enter(latin1 === '' ? undefined : latin1, type.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain');
      this.body = openPlain(this.context);
      return;
    }
    const disposition = parseStructured(findHeader(headers, 'content-disposition') ?? '');
    const name = decodeHeader(disposition.parameters.get('filename') ?? type.parameters.get('name') ?? '');
    const encoding = (findHeader(headers, 'content-transfer-encoding') ?? '').toLowerCase();
    const kind = findKind(type.value, name);
    if (kind === undefined) this.context.passUnread(name === '' ? type.value : name);
    else if (kind !== 'message') this.body = openText({ type, encoding, kind, name }, this.context);
    else if (this.depth < MAX_MESSAGE_DEPTH) {
      this.body = decodeTransfer(encoding, new MessageReader(this.context, this.depth + 1));
    } else {
      this.context.noteOnce(`messages within more than ${MAX_MESSAGE_DEPTH} others were read as text`);
      this.body = openText({ type, encoding, kind: 'text', name }, this.context);
    }
  }
}

/** A header without its line break; not every program encodes what is no ASCII. */
function decodeHeaderLine(line: Buffer): string {
  const text = line
    .toString('utf8')
    .replace(/\r?\n$/, '')
    .replace(/^\uFEFF/, '');
  return text.includes('\uFFFD') ? line.toString('latin1').replace(/\r?\n$/, '') : text;
}
