import { CctError } from '../../core/errors.ts';
import { parseJson } from '../../core/json-text.ts';
import type { Observable } from '../../core/observable.ts';
import { decodeText } from './decode.ts';
import { toLines } from './lines.ts';

/** Something to read observables from. */
export interface InputSource {
  /** For messages: the file's name, or `stdin`. */
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer>;
}

export type InputFormat = 'json' | 'ndjson' | 'csv' | 'text';

export interface ReadOptions {
  readonly format: InputFormat | 'auto';
  /** The csv column that holds the observables; naming one means csv. */
  readonly column: string | undefined;
}

/** The observables of one source, as many at a time as are at hand, and whether there is anything to read at all. */
export interface Reading {
  readonly isEmpty: boolean;
  readonly batches: AsyncIterable<readonly Observable[]>;
}

// Enough to see a header line; a first line longer than this heads nothing.
const HEAD_CHARACTERS = 64 * 1024;

/**
 * Reads the beginning of a source, and the rest as it is asked for. Both throw `input`, naming file and place, when what was read is
 * wrong; the batches before it have been given then.
 */
export async function openSource({ name, chunks }: InputSource, options: ReadOptions): Promise<Reading> {
  const { head, blocks } = await takeHead(decodeText(chunks, name));
  if (head.trim() === '') return { isEmpty: true, batches: readNothing() };
  if (head.includes('\0')) throw new CctError('input', `${name}: binary content (NUL bytes; UTF-16 needs a byte order mark)`);
  const format = options.format === 'auto' ? detectFormat(name, head, await isHeader(head), options.column) : options.format;
  return { isEmpty: false, batches: await openReader(format, blocks, head, name, options) };
}

async function* readNothing(): AsyncGenerator<readonly Observable[]> {
  // Nothing.
}

async function openReader(
  format: InputFormat,
  blocks: AsyncIterable<string>,
  head: string,
  name: string,
  { column }: ReadOptions,
): Promise<AsyncIterable<readonly Observable[]>> {
  switch (format) {
    case 'json':
      return (await import('./json.ts')).readJson(blocks, name);
    case 'ndjson':
      return (await import('./json.ts')).readNdjson(toLines(blocks), name);
    case 'csv':
      return (await import('./csv.ts')).readCsv(blocks, firstLine(head), { name, column });
    case 'text':
      return (await import('./text.ts')).readText(toLines(blocks));
  }
}

async function isHeader(head: string): Promise<boolean> {
  // Cheap test first: csv code is loaded only where there may be csv.
  const line = firstLine(head);
  return /type/i.test(line) && /value/i.test(line) && (await import('./csv.ts')).isCsvHeader(line);
}

const FORMAT_BY_EXTENSION: Readonly<Record<string, InputFormat>> = {
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  csv: 'csv',
};

function detectFormat(name: string, head: string, isCsv: boolean, column: string | undefined): InputFormat {
  if (column !== undefined) return 'csv';
  const byExtension = FORMAT_BY_EXTENSION[/\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''];
  if (byExtension) return byExtension;
  // JSON never falls back to text, even when broken: the URLs in it would be asked without a word about the rest.
  const start = head.trimStart();
  if (/^\[\s*(?:[{\]]|$)/.test(start)) return 'json';
  if (start.startsWith('{')) return isOneItem(firstLine(start)) ? 'ndjson' : 'json';
  return isCsv ? 'csv' : 'text';
}

/** A whole object on the first line is ndjson, unless it is the object that holds all observables. */
function isOneItem(line: string): boolean {
  const parsed = parseJson(line);
  return typeof parsed === 'object' && parsed !== null && !('observables' in parsed);
}

function firstLine(text: string): string {
  const start = text.trimStart();
  const end = start.indexOf('\n');
  return (end === -1 ? start : start.slice(0, end)).trimEnd();
}

/** The beginning of a text up to its first full line that is not blank, and all blocks again from the start. */
async function takeHead(blocks: AsyncGenerator<string>): Promise<{ head: string; blocks: AsyncIterable<string> }> {
  let head = '';
  while (head.trim() === '' || (head.length < HEAD_CHARACTERS && !head.trimStart().includes('\n'))) {
    const next = await blocks.next();
    if (next.done === true) break;
    head += next.value;
  }
  async function* all(): AsyncGenerator<string> {
    yield head;
    yield* blocks;
  }
  return { head, blocks: all() };
}
