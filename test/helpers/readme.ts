import { execFile, spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { exitStatuses } from '../../src/cli/exit-statuses.ts';
import type { Setting } from '../../src/config.ts';
import { PUBLIC_API_URL, serveSettings, settings } from '../../src/config.ts';
import { endpoints } from '../../src/relay/endpoints.ts';
import type { FakeTracker } from './fake-tracker.ts';
import { startFakeTracker } from './fake-tracker.ts';
import { cctCommand } from './run-cct.ts';

const run = promisify(execFile);

/** A command of a document, and what the document says it prints, stdout and stderr together. */
export interface Example {
  readonly command: string;
  readonly output: string;
  /** The number of its block: what one block does is remembered in that block only. */
  readonly block: number;
}

/** The `$` lines of all `console` blocks, each with the lines below it. */
export function examplesOf(markdown: string): Example[] {
  const blocks = [...markdown.matchAll(/^```console\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks.flatMap((block, at) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((example) => {
        const end = example.indexOf('\n');
        return { command: example.slice(0, end), output: example.slice(end + 1), block: at };
      }),
  );
}

/** A folder in which a document's commands run as a reader would run them, with a fake tracker as the site. */
export interface ExampleRoom {
  run(example: Pick<Example, 'command' | 'block'>): Promise<string>;
  close(): Promise<void>;
}

const NEEDS_NO_SITE = /^(?!.*snapshot update).*(?:--snapshot|--offline|snapshot import|--dry-run)/;
const LIST = [
  'date\turl\tip\tfamily',
  '14-01-2018\tgate.example/d12/cp.php\t198.51.100.7\tPony',
  '01-01-1970\told.example/x/\tFastFlux\t',
];
const REPORT = 'Beacon to hxxp://panel[.]example/d12/cp.php?m=login via 192.0.2[.]1';
const HOSTS = ['Domain,Malware,Date added,Source', 'drop.example,keitaro,2022-10-13,CyberCrime'];
const ENTRIES = [
  { date: '14-01-2018', url: 'panel.example/d12/cp.php?m=login', ip: '198.51.100.60', family: 'Pony' },
  { date: '10-12-2017', url: 'shop.example/~admin/panel/admin.php', ip: '198.51.100.60', family: 'AZORult' },
];

export async function openExampleRoom(): Promise<ExampleRoom> {
  const room = await mkdtemp(join(tmpdir(), 'cct-readme-'));
  const tools = join(room, 'tools');
  await mkdir(tools);
  await copyFile('observables.json', join(room, 'observables.json'));
  await writeFile(join(room, 'list.tsv'), LIST.join('\n'));
  await writeFile(join(room, 'hosts.csv'), HOSTS.join('\n'));
  await writeFile(join(room, 'report.txt'), REPORT);
  await writeFile(join(room, 'token.mjs'), /^```js\n(.*?)^```$/ms.exec(await readReadme())?.[1] ?? '');
  await symlink(resolve('test/helpers/jq.js'), join(tools, 'jq'));
  // The real one where there is one: the examples are what people type.
  await run('curl', ['--version']).catch(() => symlink(resolve('test/helpers/curl.js'), join(tools, 'curl')));
  await writeFile(join(tools, 'cct'), `#!/bin/sh\nexec ${cctCommand.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  await chmod(join(tools, 'cct'), 0o755);
  const tracker: FakeTracker = await startFakeTracker({
    listings: { 'panel.example/d12/cp.php?m=login': 'Malicious: Pony', '198.51.100.60': 'Malicious: Pony' },
    entries: ENTRIES,
  });
  const servers: Server[] = [];
  return {
    async run({ command, block }) {
      const site = NEEDS_NO_SITE.test(command) ? {} : { CCT_API_URL: tracker.url };
      const cache = join(room, `cache-${block}`);
      const env = { PATH: `${tools}:${process.env['PATH'] ?? ''}`, HOME: room, XDG_CACHE_HOME: cache, ...site };
      if (/^cct serve .*&$/.test(command)) {
        const server = await startInBackground(command, { cwd: room, env: { ...env, CCT_PORT: '0' } });
        servers.push(server);
        return server.said.replace(server.address, README_ADDRESS);
      }
      const asked = command.replaceAll(README_ADDRESS, servers.at(-1)?.address ?? README_ADDRESS);
      const { stdout } = await run('bash', ['-o', 'pipefail', '-c', `{ ${asked}\n} 2>&1`], { cwd: room, env, timeout: 15_000 });
      return stdout.replaceAll(cache, '/home/you/.cache').replaceAll(room, '/home/you').replaceAll(tracker.url, PUBLIC_API_URL);
    },
    async close() {
      for (const server of servers) server.stop();
      await tracker.close();
      await rm(room, { recursive: true, force: true });
    },
  };
}

/** A relay that an example left running, and what it had said when it was ready. */
interface Server {
  readonly address: string;
  readonly said: string;
  stop(): void;
}

// What the README writes; in the test it is another port, since this one may be in use.
const README_ADDRESS = '127.0.0.1:9090';

async function startInBackground(command: string, options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<Server> {
  const child = spawn('bash', ['-c', `exec ${command.replace(/&$/, '')}`], { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  for await (const chunk of child.stderr) {
    said += String(chunk);
    const address = /listening on http:\/\/([\d.:]+)/.exec(said)?.[1];
    if (address !== undefined) return { address, said, stop: () => void child.kill() };
  }
  throw new Error(`${command} ended: ${said}`);
}

/** Output without what differs from run to run: times, durations, ages, sizes that hold an address, days, and ids that hold the day. */
export function withoutTimes(output: string): string {
  return output
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/\d+\.\d s$/gm, '<duration>')
    .replace(/"bytes": \d+/g, '"bytes": <bytes>')
    .replace(/"duration_ms":[\d.]+/g, '"duration_ms":<duration>')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
    .replace(/\d+ days old/g, '<age>')
    .replace(/"date": "\d{4}-\d\d-\d\d"/g, '"date": "<day>"');
}

/** The table of settings as the README must have it. */
export function settingsTable(): string {
  const rows = Object.values<Setting<unknown>>({ ...settings, ...serveSettings }).map(
    ({ flag, env, otherEnv, fallback, unit, help }) =>
      `| ${toCode(flag)} | ${toCode(env, otherEnv)} | ${toCode(fallback)} | ${unit ?? ''} | ${help} |`,
  );
  return ['| flag | environment | default | unit | meaning |', '|---|---|---|---|---|', ...rows].join('\n');
}

function toCode(...texts: readonly (string | undefined)[]): string {
  return texts.flatMap((text) => (text === undefined ? [] : [`\`${text}\``])).join(', ');
}

/** The table of the relay's endpoints as the README must have it. */
export function endpointsTable(): string {
  const rows = endpoints.map(
    ({ method, path, summary, needsToken, isOptional }) =>
      `| \`${method} ${path}\` | ${summary}${isOptional ? ' (with `--metrics`)' : ''} | ${needsToken ? 'yes' : 'no'} |`,
  );
  return ['| endpoint | answer | token |', '|---|---|---|', ...rows].join('\n');
}

/** The table of exit statuses as the README must have it. */
export function exitStatusTable(): string {
  return ['| status | meaning |', '|---|---|', ...exitStatuses.map(({ status, meaning }) => `| ${status} | ${meaning} |`)].join(
    '\n',
  );
}

/** The README's text. */
export function readReadme(): Promise<string> {
  return readFile('README.md', 'utf8');
}
