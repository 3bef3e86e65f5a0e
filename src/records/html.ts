import { Tokenizer } from 'htmlparser2';
import type { TokenizerCallbacks } from 'htmlparser2';
import type { Finding } from '../core/observables/observable.ts';
import type { Head, Reading } from './format.ts';
import { addAttribute, isRead, searchLines } from './html-links.ts';
import { createRequestJoiner } from './request-lines.ts';
import { wrapReading } from './wrap-reading.ts';
import { unwrapInto } from './wrapped-url.ts';

// Elements that separate words on a page; all others join them.
const BLOCKS = new Set(
  (
    'address article aside audio blockquote body br button canvas caption center col colgroup dd details dialog dir div dl dt embed ' +
    'fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe img input legend li link main ' +
    'map menu meta nav noscript object ol optgroup option p plaintext pre script search section select style summary svg table tbody ' +
    'td template textarea tfoot th thead title tr ul video xmp'
  ).split(' '),
);

const START =
  /^<(?:!doctype\s+html|(?:html|head|body|div|p|table|meta|script|style|title|center|h[1-6]|span|font|img|iframe)[\s>/]|a\s+href)/i;

/** `HTML` where an input begins as a page or a fragment of one does. */
export function recogniseHtml(head: Head): string | undefined {
  let { text } = head;
  for (;;) {
    text = text.replace(/^[\s\uFEFF]+/, '');
    const end = text.startsWith('<!--') ? '-->' : text.startsWith('<?') ? '>' : undefined;
    if (end === undefined) return START.test(text) ? 'HTML' : undefined;
    const at = text.indexOf(end);
    if (at < 0) return undefined;
    text = text.slice(at + end.length);
  }
}

/** Adds the observables of a page's text and links; wrapped links are unwrapped. */
export function readHtml(text: string, reading: Reading): void {
  reading.count(1);
  searchHtml(text, unwrapInto(reading));
}

/** Adds the observables of HTML. `line` is where it begins. */
export function searchHtml(html: string, reading: Reading, line?: number): void {
  const reader = openHtml(reading);
  reader.write(html, line);
  reader.end();
}

/** Reads HTML that arrives in pieces. */
export interface HtmlReader {
  write(html: string, line?: number): void;
  end(): void;
}

/** Reads HTML in pieces, with memory for the longest tag, comment or line only. */
export function openHtml(reading: Reading): HtmlReader {
  const source = new Source();
  const page = new Page(reading);
  const tokenizer = new Tokenizer({ decodeEntities: true }, toCallbacks(source, page));
  return {
    write(html, line) {
      page.line = line;
      source.add(html);
      tokenizer.write(html);
    },
    end() {
      tokenizer.end();
      page.end();
    },
  };
}

function toCallbacks(source: Source, page: Page): TokenizerCallbacks {
  const addSection = (start: number, end: number) => {
    page.breakLine();
    page.addText(source.take(start, end));
    page.breakLine();
  };
  const startTag = (start: number, end: number) => page.passTag(source.take(start, end));
  return {
    ontext: (start, end) => page.addText(source.take(start, end)),
    ontextentity: (codePoint) => page.addText(String.fromCodePoint(codePoint)),
    onopentagname: startTag,
    onclosetag: startTag,
    onattribname: (start, end) => page.startAttribute(source.take(start, end)),
    onattribdata: (start, end) => page.addAttributeText(source.take(start, end)),
    onattribentity: (codePoint) => page.addAttributeText(String.fromCodePoint(codePoint)),
    onattribend: () => page.endAttribute(),
    oncomment: (start, end, offset) => addSection(start, end - offset),
    oncdata: (start, end, offset) => addSection(start, end - offset),
    ondeclaration: () => undefined,
    onprocessinginstruction: () => undefined,
    onopentagend: () => undefined,
    onselfclosingtag: () => undefined,
    onend: () => undefined,
  };
}

/** The part of the input that the tokenizer may still name by offset. */
class Source {
  private text = '';
  private offset = 0;

  add(piece: string): void {
    this.text += piece;
  }

  /** The text of a section; what lies before it is released. */
  take(start: number, end: number): string {
    this.text = this.text.slice(start - this.offset);
    this.offset = start;
    return this.text.slice(0, end - start);
  }
}

interface Link {
  readonly name: string;
  readonly value: string;
}

// A line without end is searched in pieces of this length.
const MAX_LINE = 1 << 18;

/** Collects the text of one line of a page, and the links within it. */
class Page {
  line: number | undefined;
  private readonly reading: Reading;
  /** Text, and links where they stand in it. */
  private parts: (string | Link)[] = [];
  private length = 0;
  private readonly joinRequest = createRequestJoiner();
  private attribute = '';
  private value: string[] = [];

  constructor(reading: Reading) {
    this.reading = reading;
  }

  addText(text: string): void {
    const lines = text.split(/[\r\n]+/);
    for (const [index, part] of lines.entries()) {
      if (index > 0) this.breakLine();
      this.append(part);
      this.length += part.length;
      if (this.length > MAX_LINE) this.breakLine();
    }
  }

  private append(text: string): void {
    const last = this.parts.at(-1);
    if (typeof last === 'string') this.parts[this.parts.length - 1] = last + text;
    else if (text !== '') this.parts.push(text);
  }

  passTag(name: string): void {
    if (BLOCKS.has(name.toLowerCase())) this.breakLine();
  }

  startAttribute(name: string): void {
    this.attribute = name.toLowerCase();
    this.value = [];
  }

  addAttributeText(text: string): void {
    this.value.push(text);
  }

  endAttribute(): void {
    const link = { name: this.attribute, value: this.value.join('') };
    this.startAttribute('');
    if (link.value === '' || !isRead(link.name)) return;
    if (this.length === 0) this.addLink(link);
    else this.parts.push(link);
  }

  /** Reads what an unfinished tag holds too: browsers drop it, but a cut file may end there. */
  end(): void {
    this.endAttribute();
    this.breakLine();
  }

  breakLine(): void {
    const { parts } = this;
    if (parts.length === 0) return;
    this.parts = [];
    this.length = 0;
    const text = parts.filter((part) => typeof part === 'string').join('');
    if (parts.every((part) => typeof part === 'string')) {
      searchLines(this.joinRequest(text), this.reading, this.line);
      return;
    }
    this.addInOrder(parts, text);
  }

  private addLink({ name, value }: Link): void {
    addAttribute(name, value, this.reading, this.line);
  }

  /** The text is searched whole, since words around a link explain it; each part only tells how much stands before a link. */
  private addInOrder(parts: readonly (string | Link)[], text: string): void {
    const found = collect(text, this.reading, this.line);
    let next = 0;
    for (const part of parts) {
      if (typeof part !== 'string') {
        this.addLink(part);
        continue;
      }
      const end = Math.min(found.length, next + collect(part, this.reading, this.line).length);
      for (; next < end; next += 1) this.repeat(found[next]);
    }
    for (; next < found.length; next += 1) this.repeat(found[next]);
  }

  private repeat(event: Event | undefined): void {
    if (!event) return;
    if ('reason' in event) this.reading.passOver(event.reason, event.text, this.line);
    else this.reading.add(event);
  }
}

type Event = Finding | { readonly reason: Parameters<Reading['passOver']>[0]; readonly text: string };

function collect(text: string, reading: Reading, line: number | undefined): Event[] {
  const events: Event[] = [];
  const add: Reading['add'] = (finding) => void events.push(finding);
  searchLines(text, wrapReading(reading, { add, passOver: (reason, piece) => events.push({ reason, text: piece }) }), line);
  return events;
}
