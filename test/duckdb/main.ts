import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatCount } from '../../src/core/amount.ts';
import { writeSnapshot } from '../../src/tracker/snapshot/snapshot-file.ts';
import { filesOf, pageAt } from '../helpers/pages.ts';
import { toMarkdownTable, writeReport } from '../helpers/report.ts';
import { runScript } from '../helpers/script.ts';
import { openEngine } from './engine.ts';
import { makeEntries, makeEvents } from './made-events.ts';

/*
 * Runs the join of docs/export.md in DuckDB over made-up EVE lines, and compares the lines that it finds with those of `cct observe --join`.
 * Exit 1 where they differ. Needs the network once.
 */

const EVENTS = 200_000;
const ENTRIES = 6_000;
const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;

async function main(): Promise<number> {
  const engine = await openEngine();
  const directory = mkdtempSync(join(tmpdir(), 'cct-duckdb-'));
  try {
    const entries = makeEntries(ENTRIES);
    writeFileSync(join(directory, 'list.tsv'), writeSnapshot({ date: '2018-01-31', origin: 'made up', entries }));
    writeFileSync(join(directory, 'eve.json'), `${[...makeEvents(entries, EVENTS)].join('\n')}\n`);
    const cct = (...args: readonly string[]) => runCct(directory, args);
    cct('snapshot', 'export', '--format', 'csv', '--output', 'cct.csv');
    const sql = filesOf(pageAt('docs/export.md'))['join.sql'] ?? '';
    const joinMs = await measure(() =>
      engine.run(sql.replace('cct.csv', `${directory}/cct.csv`).replace('eve.json', `${directory}/eve.json`)),
    );
    const found = await engine.column('select distinct line from hits order by line');
    let printed = '';
    const observeMs = await measure(() => Promise.resolve((printed = cct('observe', 'eve.json', '--join'))));
    const expected = [...printed.matchAll(/"flow_id":(\d+)/g)].map(([, id = '']) => id);
    return report({ found, expected, joinMs, observeMs });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function runCct(cwd: string, args: readonly string[]): string {
  const script = join(process.cwd(), 'bin/cct.js');
  const env = { PATH: process.env['PATH'], HOME: cwd, CCT_SNAPSHOT: 'list.tsv', CCT_QUIET: '1' };
  return execFileSync(process.execPath, [script, ...args], { cwd, env, encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES });
}

async function measure(action: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await action();
  return performance.now() - startedMs;
}

interface Compared {
  readonly found: readonly string[];
  readonly expected: readonly string[];
  readonly joinMs: number;
  readonly observeMs: number;
}

function report({ found, expected, joinMs, observeMs }: Compared): number {
  const [inEngine, inCct] = [new Set(found), new Set(expected)];
  const missed = expected.filter((line) => !inEngine.has(line));
  const added = found.filter((line) => !inCct.has(line));
  const markdown = toMarkdownTable([
    ['what', 'figure'],
    ['lines', formatCount(EVENTS)],
    ['lines that DuckDB finds', formatCount(inEngine.size)],
    ['lines that `cct observe --join` finds', formatCount(inCct.size)],
    ['lines that only one of them finds', formatCount(missed.length + added.length)],
    ['DuckDB, reading and join', `${(joinMs / 1000).toFixed(1)} s`],
    ['`cct observe --join`', `${(observeMs / 1000).toFixed(1)} s`],
  ]);
  process.stdout.write(`${markdown}\n`);
  for (const line of [...missed, ...added].slice(0, 20)) process.stdout.write(`differs: line ${line}\n`);
  writeReport('duckdb', markdown, new Date());
  return missed.length + added.length === 0 && inCct.size > 1_000 ? 0 : 1;
}

runScript(main);
