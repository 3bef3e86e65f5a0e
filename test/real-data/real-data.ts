import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

function realDataDir(): string {
  const dir = process.env['CCT_REAL_DATA'];
  if (dir === undefined || dir === '') throw new Error('CCT_REAL_DATA must name the folder with the real list');
  return resolve(dir);
}

/** The tracker's list of 2018, as `snapshot import` reads it. */
export const listPath = join(realDataDir(), 'list-2018-01-20.tsv');
/** The host list, as `snapshot import` reads it. */
export const hostsPath = join(realDataDir(), 'hosts-2018-2022.csv');
const contractSchema = join(realDataDir(), '..', 'contract', 'relay-response.schema.json');

/** What the list says of one panel, as the site would show it. */
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

/** The platform's own schema of a relay answer, as a check. */
export async function openContractSchema(): Promise<(answer: unknown) => boolean> {
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(await readFile(contractSchema, 'utf8')) as object);
  return (answer) => validate(answer);
}
