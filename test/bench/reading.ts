import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode, toList, toMemoryFigure } from './bulk.ts';
import type { Figure } from './figures.ts';
import { median } from './figures.ts';
import { createPicker, toEvents, toMixed, toProse } from './made-input.ts';

/* Processor time of reading text and records, against the plainest tools for the same. */

const ROUNDS = 7;
const SEED = 20180131;
const TEXT_BYTES = 10_000_000;
const EVENTS = 200_000;
const MAX_MIB = 150;

// What an analyst would do without cct: one pattern for URLs, one for IPv4 addresses.
const OCTET = '(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])';
const GREP = String.raw`LANG=C.UTF-8 grep -oE '(https?|ftp)://[^[:space:]"<>]+|\b(${OCTET}\.){3}${OCTET}\b'`;
const OBSERVE = ['observe', '--snapshot', 'sample', '--format', 'ndjson', '--only', 'listed', '-q'];
const PARSE = 'for (const line of require("fs").readFileSync(process.argv[1], "utf8").split("\\n")) if (line) JSON.parse(line)';

async function withDirectory<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'cct-bench-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The processor time of a command on a file. Its output goes to another file: grep stops at the first hit where it goes nowhere. */
function toProcessorMs(command: string, file: string): number {
  const script = `TIMEFORMAT='%U %S'; time ${command} '${file}' > '${file}.out'`;
  const text = execFileSync('bash', ['-c', `{ ${script}; } 2>&1`], { encoding: 'utf8' });
  const [, user, system] = /([\d.]+) ([\d.]+)\s*$/.exec(text) ?? [];
  return (Number(user) + Number(system)) * 1000;
}

interface Compared {
  readonly bare: string;
  readonly file: string;
  readonly most: number;
  /** What `cct` is given. Default: to print what is listed. */
  readonly args?: readonly string[];
}

function compare(what: string, { bare, file, most, args = OBSERVE }: Compared): Figure {
  const own = `'${process.execPath}' bin/cct.js ${args.join(' ')}`;
  const costs = Array.from({ length: ROUNDS }, () => ({ bareMs: toProcessorMs(bare, file), ownMs: toProcessorMs(own, file) }));
  const bareMs = median(costs.map((cost) => cost.bareMs));
  const ownMs = median(costs.map((cost) => cost.ownMs));
  const mibPerSecond = (statSync(file).size / 2 ** 20 / ownMs) * 1000;
  return {
    what: `processor time of ${what}`,
    measured: `${(ownMs / 1000).toFixed(2)} s, ${mibPerSecond.toFixed(0)} MiB a second`,
    baseline: `${bare.includes('grep') ? 'grep -oE' : 'JSON.parse'}: ${(bareMs / 1000).toFixed(2)} s`,
    ratio: ownMs / bareMs,
    limit: { most },
  };
}

/** Text of mixed logs and reports, and prose, 10 MB each, and the memory of ten times as much. */
export function measureText(): Promise<Figure[]> {
  return withDirectory(async (directory) => {
    const pick = createPicker(SEED);
    const [mixed, prose, long] = ['mixed.txt', 'prose.txt', 'long.txt'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(mixed, toMixed(TEXT_BYTES, pick));
    writeFileSync(prose, toProse(TEXT_BYTES, pick));
    writeFileSync(long, toMixed(10 * TEXT_BYTES, pick));
    const { residentMib } = await runNode(['bin/cct.js', ...OBSERVE, long], directory);
    return [
      compare('text of logs and reports', { bare: GREP, file: mixed, most: 2 }),
      compare('prose', { bare: GREP, file: prose, most: 2 }),
      toMemoryFigure('100 MB of text', residentMib, MAX_MIB, ''),
    ];
  });
}

/** Events of Suricata. */
export function measureRecords(): Promise<Figure> {
  return withDirectory((directory) => {
    const file = join(directory, 'eve.json');
    writeFileSync(file, toEvents(EVENTS, createPicker(SEED)));
    const bare = `'${process.execPath}' -e '${PARSE}'`;
    return Promise.resolve(compare('events of Suricata EVE', { bare, file, most: 3 }));
  });
}

const PARSE_AND_PRINT =
  'let text = ""; for (const line of require("fs").readFileSync(process.argv[1], "utf8").split("\\n")) if (line) text += JSON.stringify(JSON.parse(line)) + "\\n"; process.stdout.write(text)';

/** `--join` of events of Suricata, with a list of real size. */
export function measureJoin(): Promise<Figure[]> {
  return withDirectory(async (directory) => {
    const [file, list] = [join(directory, 'eve.json'), join(directory, 'list.tsv')];
    writeFileSync(file, toEvents(EVENTS, createPicker(SEED)));
    writeFileSync(list, toList());
    const args = ['observe', '--snapshot', list, '--join', '-q'];
    const bare = `'${process.execPath}' -e '${PARSE_AND_PRINT}'`;
    const { residentMib } = await runNode(['bin/cct.js', ...args, file], directory);
    return [
      compare(`--join of ${EVENTS} events`, { bare, file, most: 3, args }),
      toMemoryFigure(`--join of ${EVENTS} events`, residentMib, MAX_MIB, ''),
    ];
  });
}
