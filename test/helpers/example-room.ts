import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PUBLIC_API_URL } from '../../src/config.ts';
import { CLIENT_PASSWORD, startFakePlatform } from './fake-platform.ts';
import { startFakeTracker } from './fake-tracker.ts';
import { cctCommand } from './run-cct.ts';

const run = promisify(execFile);

/** A directory in which the commands of a page run as for a reader, with a fake tracker and a fake platform. */
export interface ExampleRoom {
  /**
   * The output of a command: stdout, stderr, and the status where it ends with `; echo $?`. Rejects when another one fails. Commands with
   * the same `cache` share it, and all share variables.
   */
  run(command: string, cache?: number): Promise<string>;
  close(): Promise<void>;
}

const REPORT = 'Beacon to hxxp://panel[.]example/d12/cp.php?m=login via 192.0.2[.]1';
const ENTRIES = [
  { date: '14-01-2018', url: 'panel.example/d12/cp.php?m=login', ip: '198.51.100.60', family: 'Pony' },
  { date: '10-12-2017', url: 'shop.example/~admin/panel/admin.php', ip: '198.51.100.60', family: 'AZORult' },
];
const LISTINGS = { 'panel.example/d12/cp.php?m=login': 'Malicious: Pony', '198.51.100.60': 'Malicious: Pony' };

// The address on the pages; a test uses another port, since this one may be in use.
const PAGE_ADDRESS = '127.0.0.1:9090';
const PLATFORM_URL = 'https://visibility.amp.cisco.com';

/** Opens a room with `observables.json` and the given files in it, `report.txt` by default. */
export async function openExampleRoom(files: Readonly<Record<string, string>> = { 'report.txt': REPORT }): Promise<ExampleRoom> {
  const room = await mkdtemp(join(tmpdir(), 'cct-page-'));
  const tools = join(room, 'tools');
  await mkdir(tools);
  await copyFile('observables.json', join(room, 'observables.json'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(room, name), text);
  const cct = cctCommand.map((word) => `'${word}'`).join(' ');
  for (const [tool, call] of Object.entries({ cct: `${cct} "$@"`, npx: '"$@"' })) {
    await writeFile(join(tools, tool), `#!/bin/sh\nexec ${call}\n`, { mode: 0o755 });
  }
  // The real ones where they are installed.
  for (const tool of ['jq', 'curl', 'openssl']) {
    await run(tool, ['--version']).catch(() => symlink(resolve(`test/helpers/${tool}.js`), join(tools, tool)));
  }
  const tracker = await startFakeTracker({ listings: LISTINGS, entries: ENTRIES });
  const servers: Server[] = [];
  const relayAddress = () => servers.at(-1)?.address ?? PAGE_ADDRESS;
  const platform = await startFakePlatform(() => `http://${relayAddress()}`);

  return {
    async run(command, cache = 0) {
      const [, asked = '', wantsStatus] = /^([^]*?)(; echo \$\?)?$/.exec(command) ?? [];
      const cacheHome = join(room, `cache-${cache}`);
      const env = {
        PATH: `${tools}:${process.env['PATH'] ?? ''}`,
        HOME: room,
        XDG_DATA_HOME: join(room, '.local/share'),
        XDG_CACHE_HOME: cacheHome,
        CCT_API_URL: tracker.url,
      };
      const toPage = (text: string) =>
        text
          .replaceAll(cacheHome, '/home/you/.cache')
          .replaceAll(room, '/home/you')
          .replaceAll(tracker.url, PUBLIC_API_URL)
          .replaceAll(platform.url, PLATFORM_URL);
      if (/^cct serve .*&$/.test(asked)) {
        const server = await startInBackground(asked, { cwd: room, env: { ...env, CCT_PORT: '0' } });
        servers.push(server);
        return toPage(server.said.replace(server.address, PAGE_ADDRESS));
      }
      const local = asked.replaceAll(PAGE_ADDRESS, relayAddress()).replaceAll(PLATFORM_URL, platform.url);
      const { status, stdout, stderr } = await runInShell(local, { cwd: room, env });
      if (wantsStatus === undefined && status !== 0) throw new Error(`ended with ${status}: ${stdout}${stderr}`);
      return toPage(stdout + stderr) + (wantsStatus === undefined ? '' : `${status}\n`);
    },
    async close() {
      for (const server of servers) server.stop();
      await platform.close();
      await tracker.close();
      await rm(room, { recursive: true, force: true });
    },
  };
}

interface Ending {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function runInShell(script: string, options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<Ending> {
  const running = run('bash', ['-e', '-o', 'pipefail', '-c', withVariables(script)], { ...options, timeout: 15_000 });
  // A reader pastes it.
  running.child.stdin?.end(script.includes('read -rs') ? `${CLIENT_PASSWORD}\n` : undefined);
  try {
    return { status: 0, ...(await running) };
  } catch (thrown) {
    const { code = -1, stdout = '', stderr = '' } = thrown as { code?: number; stdout?: string; stderr?: string };
    return { status: code, stdout, stderr };
  }
}

/** The script in a shell with the variables of the commands before it. */
function withVariables(script: string): string {
  const restore = 'test ! -f .variables || { cache=$XDG_CACHE_HOME; . ./.variables; XDG_CACHE_HOME=$cache; }';
  return `${restore}\ntrap 'declare -px > .variables' EXIT\nset -a\n${script}`;
}

/** A relay that an example started, and its log until it was ready. */
interface Server {
  readonly address: string;
  readonly said: string;
  stop(): void;
}

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

/** Output without what differs between runs: times, durations, ages, sizes that hold an address, days, ids that hold the day, CR. */
export function withoutTimes(output: string): string {
  return output
    .replaceAll('\r\n', '\n')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/\(\d+\.\d s\)$/gm, '(<duration>)')
    .replace(/"bytes": \d+/g, '"bytes": <bytes>')
    .replace(/"duration_ms":[\d.]+/g, '"duration_ms":<duration>')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
    .replace(/[\d,]+ (?:days|years) old/g, '<age>')
    .replace(/"date": "\d{4}-\d\d-\d\d"/g, '"date": "<day>"');
}
