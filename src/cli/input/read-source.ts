import { extname } from 'node:path';
import { CctError } from '../../core/errors.ts';
import { parseJson } from '../../core/json-text.ts';
import type { Observable } from '../../core/observable.ts';
import { decodeLines } from './decode.ts';

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

export interface Reading {
  /** Whether there is nothing but blanks. */
  readonly isEmpty: boolean;
  /** As many observables at a time as are read together. */
  readonly batches: AsyncIterable<readonly Observable[]>;
}

/**
 * Detects the format of a source from its first lines; `batches` reads the rest on demand. Both reject with `input`, naming file and place,
 * when the input is invalid, but only after all batches before that place.
 */
export async function openSource({ name, chunks }: InputSource, options: ReadOptions): Promise<Reading> {
  const { head, blocks } = await takeHead(decodeLines(chunks, name));
  if (head.includes('\0')) throw new CctError('input', `${name}: binary content (NUL bytes; UTF-16 needs a byte order mark)`);
  if (head === '') return { isEmpty: true, batches: readText(blocks) };
  const format = options.format === 'auto' ? detectFormat(name, head, await isHeader(head), options.column) : options.format;
  return { isEmpty: false, batches: await openReader(format, blocks, head, name, options) };
}

type Lines = readonly string[];

async function openReader(
  format: InputFormat,
  blocks: AsyncIterable<Lines>,
  head: string,
  name: string,
  { column }: ReadOptions,
): Promise<AsyncIterable<readonly Observable[]>> {
  switch (format) {
    case 'json':
      return (await import('./json.ts')).readJson(blocks, name);
    case 'ndjson':
      return (await import('./json.ts')).readNdjson(blocks, name);
    case 'csv':
      return (await import('./csv.ts')).readCsv(blocks, firstLine(head), { name, column });
    case 'text':
      return readText(blocks);
  }
}

/** The observables in a list, a report or a log, refanged, as many at a time as there are lines. */
async function* readText(blocks: AsyncIterable<Lines>): AsyncGenerator<Observable[]> {
  const { extractObservables } = await import('../../text/extract.ts');
  for await (const lines of blocks) yield lines.flatMap((line) => [...extractObservables(line.trimEnd()).found]);
}

async function isHeader(head: string): Promise<boolean> {
  // Cheap test first: csv code is loaded only where there may be csv.
  const line = firstLine(head);
  return /type/i.test(line) && /value/i.test(line) && (await import('./csv.ts')).isCsvHeader(line);
}

const FORMAT_BY_EXTENSION: Readonly<Record<string, InputFormat>> = {
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.csv': 'csv',
};

/** The format by the name of a source, else by its beginning. */
function detectFormat(name: string, head: string, isCsv: boolean, column: string | undefined): InputFormat {
  if (column !== undefined) return 'csv';
  const byExtension = FORMAT_BY_EXTENSION[extname(name).toLowerCase()];
  if (byExtension) return byExtension;
  // JSON never falls back to text, even when broken: the URLs in it would be looked up, and the rest ignored.
  if (/^\[\s*(?:[{\]]|$)/.test(head)) return 'json';
  if (head.startsWith('{')) return isOneItem(firstLine(head)) ? 'ndjson' : 'json';
  return isCsv ? 'csv' : 'text';
}

/** A whole object on the first line is ndjson, unless it is the object that holds all observables. */
function isOneItem(line: string): boolean {
  const parsed = parseJson(line);
  return typeof parsed === 'object' && parsed !== null && !('observables' in parsed);
}

function firstLine(head: string): string {
  return (head.split('\n', 1)[0] ?? '').trimEnd();
}

/** Returns the text from the first non-blank line to the end of that line's block, and an iterable of all blocks, those already read included. */
async function takeHead(blocks: AsyncGenerator<string[]>): Promise<{ head: string; blocks: AsyncIterable<Lines> }> {
  const taken: string[][] = [];
  let head = '';
  while (head === '') {
    const next = await blocks.next();
    if (next.done === true) break;
    taken.push(next.value);
    head = next.value.join('\n').trim();
  }
  async function* all(): AsyncGenerator<Lines> {
    yield* taken;
    yield* blocks;
  }
  return { head, blocks: all() };
}
