import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { toCctError, toRelayError } from '../../src/core/errors.ts';
import { openLiveTracker } from '../../src/tracker/live/client.ts';
import { parseSnapshot } from '../../src/tracker/snapshot/snapshot-file.ts';
import { toTestOptions } from '../helpers/client-options.ts';
import { startInMemory } from '../helpers/memory-run.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
import type { Cell, LookupCell, Pace, UpdateCell } from './cells.ts';
import { boundMsOf, settingsOf } from './cells.ts';
import type { Outcome, SeenRow } from './judge.ts';
import { openPlace } from './place.ts';
import type { Program } from './programs.ts';
import { toEnv } from './programs.ts';
import { oldListText, toSnapshotText } from './scenario.ts';

/** Runs a cell with its own fake tracker and home directory. `program` runs all but the relay. */
export async function runCell(cell: Cell, pace: Pace, program: Program): Promise<Outcome> {
  const home = await mkdtemp(join(tmpdir(), 'cct-faults-'));
  const place = await openPlace(cell);
  try {
    await install(home, cell.surface === 'update' ? oldListText : toSnapshotText(cell.inSnapshot));
    const at: RunsAt = { url: place.url, home, pace, program };
    if (cell.surface === 'update') return await update(cell, at);
    if (cell.surface === 'cli') return await observe(cell, at);
    return cell.surface === 'relay' ? await callRelay(cell, at) : await askClient(cell, at);
  } finally {
    await place.close();
    await rm(home, { recursive: true, force: true });
  }
}

const installedAt = (home: string) => join(home, 'cct', 'snapshot.tsv');

async function install(home: string, snapshot: string): Promise<void> {
  await mkdir(join(home, 'cct'));
  await writeFile(installedAt(home), snapshot);
}

interface RunsAt {
  readonly url: string;
  readonly home: string;
  readonly pace: Pace;
  readonly program: Program;
}

function toArgs(cell: Cell, { url, pace }: RunsAt): string[] {
  const { timeoutMs, retries, deadlineMs, concurrency } = settingsOf(cell, pace);
  const args = ['--api-url', url, '--timeout', `${timeoutMs}ms`, '--retries', String(retries)];
  if (cell.surface === 'update') return args;
  // The matrix has its own bounds: the relay's 25 s would end a right answer on a busy machine.
  const deadline = deadlineMs !== undefined ? [`${deadlineMs}ms`] : cell.surface === 'relay' ? ['10m'] : [];
  return [
    ...args,
    ...deadline.flatMap((length) => ['--deadline', length]),
    '--concurrency',
    String(concurrency),
    '--source',
    cell.source,
  ];
}

// Tells a program that hangs from one that is late.
const HANGS_AFTER_MS = 10_000;

const errorSchema = z.object({ type: z.string(), code: z.string(), message: z.string() });
const rowSchema = z.object({
  observable: z.object({ value: z.string() }),
  status: z.string(),
  source: z.optional(z.string()),
  family: z.optional(z.string()),
  error: z.optional(errorSchema),
});

function toStdin({ asked }: LookupCell): string {
  return JSON.stringify(asked.map(({ type, value }) => ({ type, value })));
}

async function observe(cell: LookupCell, at: RunsAt): Promise<Outcome> {
  const file = cell.row.isToFile === true ? join(at.home, 'answers.ndjson') : undefined;
  const output = file === undefined ? [] : ['--output', file];
  const args = ['observe', ...toArgs(cell, at), ...output, '--format', 'ndjson', '--input-format', 'json', '-'];
  const ran = await at.program(args, { stdin: toStdin(cell), home: at.home, limitMs: boundMsOf(cell, at.pace) + HANGS_AFTER_MS });
  const text = file === undefined ? ran.stdout : await readFile(file, 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => rowSchema.parse(JSON.parse(line)))
    .map(({ observable, ...row }): SeenRow => ({ value: observable.value, ...row }));
  return { kind: 'rows', status: ran.status, rows, tookMs: ran.tookMs, peakBytes: ran.peakBytes };
}

const answerSchema = z.object({
  data: z.optional(
    z.object({
      judgements: z.optional(
        z.object({ docs: z.array(z.object({ observable: z.object({ value: z.string() }), reason: z.string() })) }),
      ),
    }),
  ),
  errors: z.optional(z.array(errorSchema)),
});

/** A relay started by `cct serve`, in this process. */
async function callRelay(cell: LookupCell, at: RunsAt): Promise<Outcome> {
  const args = ['serve', '--port', '0', ...toArgs(cell, at)];
  const relay = startInMemory(args, { env: toEnv(at.home), now: () => new Date() });
  const [, relayUrl = ''] = await relay.said(/listening on (http:\/\/[\w.:[\]]+)/);
  try {
    const startedMs = performance.now();
    const init = { method: 'POST', body: toStdin(cell), headers: { Connection: 'close' } };
    const response = await fetch(`${relayUrl}/observe/observables`, init);
    const json: unknown = await response.json();
    const tookMs = performance.now() - startedMs;
    const { data, errors = [] } = answerSchema.parse(json);
    const listed = (data?.judgements?.docs ?? []).map(({ observable, reason }): SeenRow => {
      return { value: observable.value, status: 'listed', family: /^Malicious: (\S+)/.exec(reason)?.[1] };
    });
    return { kind: 'answer', status: response.status, invalid: validateAnswer(json), listed, errors, tookMs };
  } finally {
    relay.stop('SIGTERM');
    await relay.finished;
  }
}

async function askClient(cell: LookupCell, { url, pace }: RunsAt): Promise<Outcome> {
  const tracker = await openLiveTracker({
    ...toTestOptions(url),
    ...settingsOf(cell, pace),
    lookup: cell.row.at === 'resolver' ? cell.row.createLookup() : undefined,
  });
  const context = { signal: new AbortController().signal };
  const startedMs = performance.now();
  const ask = async ({ type, value, key }: LookupCell['asked'][number]): Promise<SeenRow> => {
    try {
      const answer = await tracker.lookup({ type, key }, context);
      const family = answer.status === 'listed' ? answer.family : undefined;
      return { value, status: answer.status, source: answer.source, family };
    } catch (thrown) {
      return { value, status: 'failed', error: toRelayError(toCctError(thrown)) };
    }
  };
  try {
    const rows = await Promise.all(cell.asked.map(ask));
    return { kind: 'rows', status: 0, rows, tookMs: performance.now() - startedMs };
  } finally {
    await tracker.close();
  }
}

async function update(cell: UpdateCell, at: RunsAt): Promise<Outcome> {
  const args = ['snapshot', 'update', ...toArgs(cell, at)];
  const ran = await at.program(args, { stdin: '', home: at.home, limitMs: boundMsOf(cell, at.pace) + HANGS_AFTER_MS });
  const installed = await readFile(installedAt(at.home), 'utf8');
  const isOldKept = installed === oldListText;
  const urls = isOldKept ? [] : parseSnapshot(installed).entries.map((entry) => entry.url);
  return { kind: 'update', ...ran, isOldKept, urls };
}
