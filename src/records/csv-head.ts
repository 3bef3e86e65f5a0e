import { isKnownHeader } from './csv-columns.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;
const SEPARATOR_LINE = /^\s*"?sep=([^\s"]|\t)"?\s*$/i;

/** The lines before the rows of a csv. */
export interface CsvHead {
  readonly delimiter: string;
  /** The header, if a comment holds it, as in feeds. */
  readonly commented: string | undefined;
  readonly hasComments: boolean;
  /** The lines before the first row. */
  readonly skipped: number;
}

/** Reads the lines before the first row; undefined if there is no row yet. */
export function readCsvHead(lines: readonly string[]): CsvHead | undefined {
  let separator: string | undefined;
  let comment: string | undefined;
  let hasComments = false;
  for (const [at, line] of lines.entries()) {
    const named: string | undefined = separator === undefined ? SEPARATOR_LINE.exec(line)?.[1] : undefined;
    if (named !== undefined) separator = named;
    else if (line.startsWith('#')) {
      // A tab may end a column named `#`.
      const text = line.replace(/^#+[^\S\t]*/, '');
      if (isHeader(text, separator ?? delimiterOf(text))) comment = text;
      hasComments = true;
    } else if (line.trim() !== '') {
      const own = separator ?? delimiterOf(line);
      const commented = [comment, comment?.trimStart()].find((header) => isHeaderOf(header, line, separator));
      return {
        delimiter: separator ?? (commented === undefined ? own : delimiterOf(commented)),
        commented,
        hasComments,
        skipped: at,
      };
    }
  }
  return undefined;
}

// `-----|:---:|---`, below the header.
const MARKDOWN_RULE = /^\s*(?::?-{2,}:?\s*\|\s*)+(?::?-{2,}:?\s*)?$/;

/** Whether the first row and the line below it begin a table of Markdown, with or without bars at both ends. */
export function isMarkdown([header = '', rule = '']: readonly string[]): boolean {
  return header.trimStart().startsWith('|') || MARKDOWN_RULE.test(rule);
}

function isHeader(text: string, delimiter: string): boolean {
  const cells = splitHeader(text, delimiter);
  return cells.length > 1 && isKnownHeader(cells);
}

/** Whether a comment is the header of the rows that begin with this line. */
function isHeaderOf(comment: string | undefined, line: string, separator: string | undefined): boolean {
  if (comment === undefined) return false;
  const delimiter = separator ?? delimiterOf(comment);
  return !isHeader(line, delimiter) && splitHeader(line, delimiter).length === splitHeader(comment, delimiter).length;
}

/** The most frequent delimiter of a header, outside quotes. */
function delimiterOf(header: string): string {
  const bare = header.replace(QUOTED, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

const QUOTED = /"[^"]*"/g;

/** The cells of a header line, without their quotes. */
export function splitHeader(text: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === delimiter && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  cells.push(cell.trim());
  return cells;
}
