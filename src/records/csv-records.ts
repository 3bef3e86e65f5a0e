/* Finds the records of csv before they are parsed: each has its own escape, and `#` begins a comment only where a record begins. */

/** Text whose quotes are doubled within cells, and whose comments are blank lines. It has the lines of the original. */
interface Prepared {
  readonly text: string;
  /** Whether the last record is left out because it may end in later lines. */
  readonly isCut: boolean;
}

/** Where a record ends: behind its line break. It is `broken` if a quote stands where RFC 4180 allows none. */
type RecordEnd =
  { readonly kind: 'proper' | 'broken'; readonly end: number } | { readonly kind: 'open'; readonly end: undefined };

type FindQuote = (text: string, from: number) => number;

/** Prepares the text of one input for a parser of RFC 4180, where a backslash is no escape. */
export class CsvRecords {
  /** Whether a record needed `\"` to be an escape, as Python writes it. */
  hasEscapes = false;
  private readonly delimiter: string;
  private readonly hasComments: boolean;

  constructor(delimiter: string, hasComments: boolean) {
    this.delimiter = delimiter;
    this.hasComments = hasComments;
  }

  /** Whether a line that begins a record is a comment. */
  isComment(line: string): boolean {
    return this.hasComments && line.startsWith('#');
  }

  /** `text` ends with a line break; `isLast` if no lines follow. */
  prepare(text: string, isLast: boolean): Prepared {
    const prepared: string[] = [];
    for (let start = 0; start < text.length;) {
      if (this.isComment(text[start] ?? '')) {
        start = lineEnd(text, start);
        prepared.push('\n');
        continue;
      }
      const { end = text.length, kind } = this.chooseEnd(text, start, isLast);
      if (kind === 'cut') return { text: prepared.join(''), isCut: true };
      const record = text.slice(start, end);
      prepared.push(kind === 'escaped' ? toDoubled(record) : record);
      start = end;
    }
    return { text: prepared.join(''), isCut: false };
  }

  /** A backslash before a quote is text, as Excel writes it, unless only an escape lets the record end properly. */
  private chooseEnd(
    text: string,
    start: number,
    isLast: boolean,
  ): { readonly kind: 'plain' | 'escaped' | 'cut'; readonly end?: number } {
    const plain = this.findEnd(text, start, findDoubling);
    const asPlain = { kind: 'plain', ...(plain.end !== undefined && { end: plain.end }) } as const;
    if (plain.kind === 'proper' || !text.slice(start, plain.end).includes('\\"')) return asPlain;
    const escaped = this.findEnd(text, start, findEscaping);
    if (plain.kind === 'broken') {
      if (escaped.kind === 'open' && !isLast) return { kind: 'cut' };
      if (escaped.kind === 'proper') this.hasEscapes = true;
    }
    // An open record may still end properly, in later lines.
    const isEscaped = escaped.kind === 'proper' && (this.hasEscapes || isLast);
    return isEscaped ? { kind: 'escaped', end: escaped.end } : asPlain;
  }

  private findEnd(text: string, start: number, findQuote: FindQuote): RecordEnd {
    for (let at = start; ; at += 1) {
      at = this.skipBlanks(text, at);
      if (text[at] === '"') {
        const closing = findQuote(text, at + 1);
        if (closing === -1) return { kind: 'open', end: undefined };
        at = this.skipBlanks(text, closing + 1);
      } else at = this.skipPlain(text, at);
      if (text[at] === '\n') return { kind: 'proper', end: at + 1 };
      if (text[at] !== this.delimiter) return { kind: 'broken', end: lineEnd(text, at) };
    }
  }

  private skipBlanks(text: string, start: number): number {
    let at = start;
    for (let next = text[at]; next !== undefined && next !== this.delimiter && next !== '\n' && next.trim() === '';) {
      at += 1;
      next = text[at];
    }
    return at;
  }

  private skipPlain(text: string, start: number): number {
    let at = start;
    while (at < text.length && text[at] !== this.delimiter && text[at] !== '\n' && text[at] !== '"') at += 1;
    return at;
  }
}

function lineEnd(text: string, at: number): number {
  const lineBreak = text.indexOf('\n', at);
  return lineBreak === -1 ? text.length : lineBreak + 1;
}

/** The quote that ends a cell where quotes within are doubled. */
function findDoubling(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

/** The quote that ends a cell where quotes within are behind a backslash. */
function findEscaping(text: string, from: number): number {
  const marks = /\\[^]|"/g;
  marks.lastIndex = from;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) if (mark[0] === '"') return mark.index;
  return -1;
}

/** A record with its escapes within quotes resolved: `"a \"b\" \\"` is `"a ""b"" \"`. */
function toDoubled(record: string): string {
  let isQuoted = false;
  return record.replace(/\\["\\]|"/g, (mark) => {
    if (mark === '"') isQuoted = !isQuoted;
    else if (isQuoted) return mark === '\\"' ? '""' : '\\';
    return mark;
  });
}
