import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { onTestFinished } from 'vitest';
import { parseSnapshot } from '../../src/tracker/snapshot/snapshot-file.ts';

function realDataDir(): string {
  const dir = process.env['CCT_REAL_DATA'];
  if (dir === undefined || dir === '') throw new Error('CCT_REAL_DATA must name the directory with the real list');
  return resolve(dir);
}

/** The tracker's list of 2018, and the host list, for `snapshot import`. */
export const listPath = join(realDataDir(), 'list-2018-01-20.tsv');
export const hostsPath = join(realDataDir(), 'hosts-2018-2022.csv');
const contractSchema = join(realDataDir(), '..', 'contract', 'relay-response.schema.json');
/** OASIS's JSON schemas of STIX 2.1, beside the list like the contract. */
export const stixSchemasPath = join(realDataDir(), '..', 'formats', 'stix-schemas', 'schemas');
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;
// Nothing listens there.
const NO_SITE = 'http://127.0.0.1:9/';

export interface Asked {
  readonly type: string;
  readonly value: string;
}

/** A home directory until the test ends, and the built program in it, without a network but for `apiUrl`. */
export async function openHome(apiUrl = NO_SITE) {
  const home = await mkdtemp(join(tmpdir(), 'cct-real-data-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const env = { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: home, CCT_API_URL: apiUrl };
  const cct = async (...args: readonly string[]): Promise<string> => {
    const options = { env, maxBuffer: MAX_OUTPUT_BYTES };
    return (await promisify(execFile)(process.execPath, ['bin/cct.js', ...args], options)).stdout;
  };
  /** Runs a command on observables. */
  const askAbout = async (observables: readonly Asked[], ...args: readonly string[]): Promise<string> => {
    const input = join(home, 'asked.ndjson');
    await writeFile(input, observables.map((observable) => JSON.stringify(observable)).join('\n'));
    return cct(...args, '--offline', input);
  };
  /** The number of rows with each status. */
  const fatesOf = async (observables: readonly Asked[]): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const line of (await askAbout(observables, 'observe', '--format', 'ndjson')).trimEnd().split('\n')) {
      const { status } = JSON.parse(line) as { status: string };
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  };
  /** The entries of the installed snapshot. */
  const entries = async () => parseSnapshot(await readFile(join(home, 'cct', 'snapshot.tsv'), 'utf8')).entries;
  return { home, env, cct, askAbout, fatesOf, entries };
}

/** A row of the list. */
export interface Row {
  readonly date: string;
  readonly url: string;
  readonly ip: string;
  readonly family: string;
}

/** All rows of the list. */
export async function readRows(): Promise<Row[]> {
  const lines = (await readFile(listPath, 'utf8')).trimEnd().split('\n').slice(1);
  return lines.map((line) => {
    const [date = '', url = '', ip = '', family = ''] = line.split('\t').map((cell) => cell.replaceAll('\\t', '\t'));
    return { date, url, ip, family };
  });
}

/** The distinct URLs of rows. */
export function toUrls(rows: readonly Row[]): Asked[] {
  return [...new Set(rows.map(({ url }) => url))]
    .filter((url) => url !== '')
    .map((url) => ({ type: 'url', value: `http://${url}` }));
}

/** A check by the platform's own schema of a relay answer. */
export async function openContractSchema(): Promise<(answer: unknown) => boolean> {
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(await readFile(contractSchema, 'utf8')) as object);
  return (answer) => validate(answer);
}
