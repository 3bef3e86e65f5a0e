import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { CctError, systemCodeOf } from '../../core/errors.ts';
import { isObject, parseJson } from '../../core/json-text.ts';
import type { State } from '../../core/ledger/state.ts';
import { checkStateHeader, createState, isStateHeader, parseKnownRow } from '../../core/ledger/state.ts';
import { readUntilAborted } from '../../files/abortable.ts';
import { decodeLines, toUtf8 } from '../../files/decode-lines.ts';
import { toFileReason } from '../../files/file-reasons.ts';
import { unpack } from '../../files/unpack.ts';
import { isRow, ownJson } from '../../records/own.ts';

const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/**
 * Reads a `--state` file; undefined if it does not exist. Rejects with `input`, with file and line, for anything but a complete state of
 * this version.
 */
export async function readStateFile(path: string, signal: AbortSignal): Promise<State | undefined> {
  const found = await stat(path).catch((thrown: unknown) => refuseOrMissing(thrown, path));
  if (!found) return undefined;
  if (!found.isFile()) throw new CctError('input', `${path}: a state must be a regular file`);
  return readKnown(path, signal, (first) => {
    if (!isStateHeader(first)) throw new CctError('input', `${path}: not a state file of cct. Use another file for --state`);
    return 'rows';
  });
}

/** Reads an earlier output of cct or a state file; undefined if it does not exist. Rejects as above. */
export async function readEarlierOutput(path: string, signal: AbortSignal): Promise<State | undefined> {
  const found = await stat(path).catch((thrown: unknown) => refuseOrMissing(thrown, path));
  return found && readKnown(path, signal, (first) => (isStateHeader(first) || isRow(first) ? 'rows' : 'document'));
}

function refuseOrMissing(thrown: unknown, path: string): undefined {
  if (systemCodeOf(thrown) === 'ENOENT') return undefined;
  throw new CctError('input', `cannot read ${path}: ${toFileReason(thrown)}`, { cause: thrown });
}

async function readKnown(path: string, signal: AbortSignal, judge: (first: unknown) => 'rows' | 'document'): Promise<State> {
  const ending = { last: '\n' };
  const stream = createReadStream(path);
  try {
    const lines = decodeLines(watchEnd(toUtf8(unpack(readUntilAborted(stream, signal), path), { name: path }), ending), {
      name: path,
      maxLineBytes: MAX_DOCUMENT_BYTES,
    });
    const { first, all } = await takeFirst(lines);
    const state = judge(parseJson(first)) === 'rows' ? await readRows(path, all) : await readDocument(path, all);
    if (ending.last !== '\n') throw new CctError('input', `${path}: the file is truncated: its last line has no line break`);
    return state;
  } catch (thrown) {
    if (thrown instanceof CctError) throw thrown;
    throw new CctError('input', `cannot read ${path}: ${toFileReason(thrown)}`, { cause: thrown });
  } finally {
    stream.destroy();
  }
}

/** Passes on the chunks; `ending.last` is the last character so far. */
async function* watchEnd(chunks: AsyncIterable<Buffer>, ending: { last: string }): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    if (chunk.length > 0) ending.last = chunk.toString('latin1', chunk.length - 1);
    yield chunk;
  }
}

async function takeFirst(blocks: AsyncGenerator<string[]>): Promise<{ first: string; all: AsyncIterable<readonly string[]> }> {
  const head = await blocks.next();
  async function* all(): AsyncGenerator<readonly string[]> {
    if (head.done === true) return;
    yield head.value;
    yield* blocks;
  }
  return { first: head.done === true ? '' : (head.value[0] ?? ''), all: all() };
}

async function readRows(path: string, blocks: AsyncIterable<readonly string[]>): Promise<State> {
  const state = createState();
  let line = 0;
  for await (const lines of blocks) {
    for (const text of lines) {
      line += 1;
      const place = `${path}:${line}`;
      if (text.trim() === '') continue;
      const value = parseJson(text);
      if (value === undefined) throw new CctError('input', `${place}: invalid JSON: the file is damaged or truncated`);
      if (line === 1 && isStateHeader(value)) checkStateHeader(value, path);
      else addRow(state, value, place);
    }
  }
  return state;
}

function addRow(state: State, value: unknown, place: string): void {
  const { observable, evidence } = parseKnownRow(value, place);
  if (evidence !== null) state.add(observable, evidence);
}

const EXPECTED = 'neither ndjson or json output of cct, nor a state file';

/** Reads an envelope, which contains only listings, or an array of rows. */
async function readDocument(path: string, blocks: AsyncIterable<readonly string[]>): Promise<State> {
  const pieces: string[] = [];
  let length = 0;
  for await (const lines of blocks) {
    for (const text of lines) length += text.length + 1;
    if (length > MAX_DOCUMENT_BYTES) throw new CctError('input', `${path}: larger than 64 MiB: use an ndjson output`);
    pieces.push(lines.join('\n'));
  }
  const text = pieces.join('\n');
  // An ndjson output without rows.
  if (text.trim() === '') return createState();
  const document = parseJson(text);
  if (document === undefined || ownJson.recognise(document) === undefined) throw new CctError('input', `${path}: ${EXPECTED}`);
  if (isObject(document) && !isRow(document)) return readEnvelope(path, document);
  const state = createState();
  const rows: readonly unknown[] = Array.isArray(document) ? document : [document];
  for (const [index, row] of rows.entries()) addRow(state, row, `${path}[${index}]`);
  return state;
}

function readEnvelope(path: string, { data }: Readonly<Record<string, unknown>>): State {
  const state = createState({ hasListedOnly: true });
  const verdicts = isObject(data) && isObject(data['verdicts']) ? data['verdicts']['docs'] : undefined;
  const docs: readonly unknown[] = Array.isArray(verdicts) ? verdicts : [];
  for (const [index, verdict] of docs.entries()) {
    const { observable } = parseKnownRow(isObject(verdict) ? { ...verdict, status: 'listed' } : verdict, `${path}[${index}]`);
    state.addListed(observable);
  }
  return state;
}
