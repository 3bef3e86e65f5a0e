import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSnapshot } from '../../src/tracker/snapshot/snapshot-file.ts';
import type { FakeTracker, ListEntry } from '../helpers/fake-tracker.ts';
import { openTempDir, runMain } from '../helpers/run-cct.ts';
import { asking } from './live.ts';

/** A list with four entries that can be used, and a row and some cells that cannot. */
export const LIST = [
  'date\turl\tip\tfamily',
  '31-12-2025\tpanel.example/a.php\t198.51.100.7\tPony',
  '30-12-2025\thttp://shop.example/b/\t\tPONY',
  '01-01-1970\told.example/c\t10.0.0.8\tZeuS',
  '31-02-2025\tdate.example/d\tnowhere\t',
  '29-12-2025\t\t\tLost',
  '',
].join('\n');

/** What `snapshot info` says of it once it is installed; `changes` go over it. */
export const toFacts = (path: string | null, changes: object = {}) => ({
  ...{ date: '2025-12-31', origin: 'list.tsv', entries: 4, families: 2 },
  ...{ first_listed: '2025-12-30', last_listed: '2025-12-31', path },
  ...changes,
});

/** Why a page is not taken for the list. */
export const NO_TABLE = "the HTML page does not contain the tracker's table";

/** A home of its own, in which a snapshot can be installed and asked. */
export function openHome() {
  const home = openTempDir();
  const env = { XDG_DATA_HOME: home };
  const dir = join(home, 'cct');
  const path = join(dir, 'snapshot.tsv');
  const text = () => readFileSync(path, 'utf8');
  return {
    env,
    dir,
    path,
    run: (...args: readonly string[]) => runMain(args, { env }),
    files: () => readdirSync(dir),
    text,
    /** The lines after the header. */
    rows: () => text().split('\n').slice(5, -1),
    urls: () => parseSnapshot(text()).entries.map(({ url }) => url),
    put(content: string) {
      mkdirSync(dir, { recursive: true });
      writeFileSync(path, content);
    },
  };
}

/** A home in which the list of a tracker is installed by `update`; `args` are the words of that command. */
export function openUpdatedHome(tracker: FakeTracker) {
  const home = openHome();
  const args = ['snapshot', 'update', ...asking(tracker)];
  return { ...home, args, update: (...flags: readonly string[]) => home.run(...args, ...flags) };
}

/** So many rows, each with an address of its own, the newest first. */
export function toEntries(count: number): ListEntry[] {
  return Array.from({ length: count }, (_, at) => ({
    date: '30-12-2025',
    url: `h${at}.example/x`,
    ip: `198.51.${100 + Math.floor(at / 250)}.${at % 250}`,
    family: at % 2 === 0 ? 'Pony' : 'ZeuS',
  }));
}

/** What an update says, in this order. */
export const toCompared = (changes: string) => `compared with the previous snapshot: ${changes}\n`;
export const toInstalled = (count: number) =>
  `${count.toLocaleString('en-US')} ${count === 1 ? 'entry' : 'entries'} installed; use --offline to query them\n`;
