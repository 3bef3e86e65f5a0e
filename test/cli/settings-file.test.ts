import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { like, openTempDir, readRows, runMain, spawnCct } from '../helpers/run-cct.ts';
import { complaint, SAMPLE, writeTempFile } from './live.ts';

/** A configuration directory with this settings file. */
function openHome(content?: object | string) {
  const home = openTempDir();
  const path = join(home, 'cct', 'config.json');
  mkdirSync(join(home, 'cct'));
  if (content !== undefined) writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return { path, env: { XDG_CONFIG_HOME: home } };
}

const OBSERVE = ['observe', ...SAMPLE, '198.51.100.60'];
const show = (stdout: string, key: string) => (JSON.parse(stdout) as { settings: Record<string, unknown> }).settings[key];

describe('the settings file', () => {
  test('is read from the configuration directory, and cct config shows it', async () => {
    const { path, env } = openHome({ timeout: '20s', retries: 1, fail_on_listed: true });
    const run = await runMain(['config', '--retries', '4'], { env: { ...env, CCT_CONCURRENCY: '3' } });
    expect(show(run.stdout, 'timeout')).toEqual({ value: '20s', origin: 'file', given_by: path });
    expect(show(run.stdout, 'retries')).toEqual({ value: 4, origin: 'flag', given_by: '--retries' });
    expect(JSON.parse(run.stdout)).toMatchObject({ paths: { config: path } });
    expect((await runMain([...OBSERVE, '-q'], { env })).status).toBe(10);
    expect((await runMain([...OBSERVE, '-q', '--no-config'], { env })).status).toBe(0);
    expect((await runMain([...OBSERVE, '-q'], { env: { ...env, CCT_FAIL_ON_LISTED: 'off' } })).status).toBe(0);
  });

  test('need not exist, unless it is named', async () => {
    const { env } = openHome();
    expect((await runMain([...OBSERVE, '-q'], { env })).status).toBe(0);
    const missing = complaint('cannot read no-such.json: no such file');
    expect(await runMain([...OBSERVE, '--config', 'no-such.json'], { env })).toEqual(missing);
    expect(await runMain(OBSERVE, { env: { ...env, CCT_CONFIG: 'no-such.json' } })).toEqual(missing);
  });

  test('is another one by --config, and none of the working directory', async () => {
    const home = openTempDir();
    for (const name of ['config.json', 'cct.json', '.cct.json']) writeFileSync(join(home, name), '{"fail_on_listed":true}');
    expect(await spawnCct([...OBSERVE, '-q'], { cwd: home }).finished).toMatchObject({ status: 0, stderr: '' });
    expect(await spawnCct([...OBSERVE, '-q', '--config', 'config.json'], { cwd: home }).finished).toMatchObject({ status: 10 });
  });

  test.each(['', '.', 'home'])('is not read below a HOME of %j, which is the working directory', async (home) => {
    const cwd = openTempDir();
    for (const below of ['.', 'home']) {
      mkdirSync(join(cwd, below, '.config', 'cct'), { recursive: true });
      writeFileSync(join(cwd, below, '.config', 'cct', 'config.json'), '{"fail_on_listed":true}');
    }
    const env = { HOME: home, XDG_CONFIG_HOME: '', XDG_DATA_HOME: cwd };
    expect(await spawnCct([...OBSERVE, '-q'], { cwd, env }).finished).toMatchObject({ status: 0, stderr: '' });
  });

  test('that is wrong ends every run that reads it, with the place', async () => {
    const { path, env } = openHome('{\n  "timeuot": "20s"\n}');
    const problem = complaint(`${path}:2:3: unknown setting "timeuot" (did you mean timeout?)`);
    for (const args of [OBSERVE, ['config'], ['health'], ['cache', 'info'], ['snapshot', 'info']]) {
      expect([args, await runMain(args, { env })]).toEqual([args, problem]);
    }
    expect((await runMain(['completion', 'bash'], { env })).status).toBe(0);
    expect((await runMain(['--help'], { env })).status).toBe(0);
  });

  test('is a note where others can change it, and an error where it cannot be read', async () => {
    const { path, env } = openHome({});
    chmodSync(path, 0o666);
    const run = await runMain(OBSERVE, { env });
    expect([run.status, run.stderr.split('\n')[0]]).toEqual([
      0,
      `${path}: other users can change it (mode 0666): use chmod go-w`,
    ]);
    expect((await runMain([...OBSERVE, '-q'], { env })).stderr).toBe('');
    const home = openTempDir();
    mkdirSync(join(home, 'cct', 'config.json'), { recursive: true });
    expect(await runMain(OBSERVE, { env: { XDG_CONFIG_HOME: home } })).toEqual(
      complaint(`cannot read ${home}/cct/config.json: it is a directory; use --no-config to run without it`),
    );
  });

  test('that is a link to a missing file is an error, not an absent one', async () => {
    const { path, env } = openHome();
    symlinkSync('/nonexistent/config.json', path);
    expect(await runMain(OBSERVE, { env })).toEqual(
      complaint(`cannot read ${path}: it is a link to a missing file; remove it, or use --no-config`),
    );
  });

  test('that changes the format of a pipe is named in a note, once', async () => {
    const { path, env } = openHome({ format: 'ndjson' });
    const note = `the output format is ndjson (set by ${path}); use -f json for JSON\n`;
    const run = await runMain(OBSERVE, { env });
    expect([readRows(run.stdout), run.stderr.split(note).length]).toEqual([['listed ip 198.51.100.60'], 2]);
    const quiet = [
      await runMain([...OBSERVE, '-f', 'ndjson'], { env }),
      await runMain(OBSERVE, { env: { ...env, CCT_FORMAT: 'csv' } }),
      await runMain(OBSERVE, { env, isTerminal: { stdout: true } }),
      await runMain([...OBSERVE, '-q'], { env }),
    ];
    expect(quiet.map(({ stderr }) => stderr.includes('the output is'))).toEqual([false, false, false, false]);
  });

  test('contradicts itself with its own names, and any flag or variable overrides it', async () => {
    const { path, env } = openHome({ offline: true, source: 'live' });
    expect(await runMain(['observe', '192.0.2.1'], { env })).toEqual(
      complaint(`${path}: offline and source live cannot be used together: give only one`),
    );
    expect((await runMain(OBSERVE, { env })).status).toBe(0);
    expect((await runMain(['observe', '192.0.2.1'], { env: { ...env, CCT_OFFLINE: '1' } })).status).toBe(4);
  });

  test('is read by serve only where it is named', async () => {
    const { env, path } = openHome({ port: 'none' });
    const serve = spawnCct(['serve', '--port', '0', ...SAMPLE], { env });
    await serve.said(/listening on/);
    serve.kill('SIGTERM');
    expect((await serve.finished).status).toBe(0);
    const run = await spawnCct(['serve', '--config', path, ...SAMPLE]).finished;
    expect([run.status, run.stderr]).toEqual([
      2,
      like(/config\.json:1:9: port: expected a whole number from 0 to 65535, got "none"\n$/),
    ]);
  });
});

describe('cct config init', () => {
  test('writes the current values, which are read again', async () => {
    const { path, env } = openHome();
    const today = { ...env, CCT_RETRIES: '4', CCT_PROXY: 'http://me:hush@proxy.example', CCT_YES: '1', CCT_METRICS: '1' };
    const run = await runMain(['config', 'init', '--timeout', '20s', '--column', 'a,b'], { env: today });
    expect([run.status, run.stdout]).toEqual([0, `${JSON.stringify({ path })}\n`]);
    expect(run.stderr).toMatch(/^proxy is left out: .*CCT_PROXY\n\d+ settings written to .*config\.json; .*\n$/);
    const written = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    expect(written).toMatchObject({ retries: 4, timeout: '20s', column: ['a', 'b'], metrics: true, format: 'json' });
    expect(Object.keys(written).filter((key) => ['yes', 'proxy', 'port', 'config', 'output'].includes(key))).toEqual([]);
    expect(statSync(path).mode & 0o022).toBe(0);
    const shown = await runMain(['config'], { env });
    expect(show(shown.stdout, 'retries')).toMatchObject({ value: 4, origin: 'file' });
  });

  test('replaces a file only with --force, and makes its directory', async () => {
    const { path, env } = openHome({ retries: 1 });
    expect(await runMain(['config', 'init'], { env })).toEqual(complaint(`${path} exists: replace it with --force`));
    expect((await runMain(['config', 'init', '--force', '--retries', '3', '-q'], { env })).status).toBe(0);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ retries: 3, verbose: false });
    expect(readFileSync(path, 'utf8')).not.toContain('quiet');
    writeFileSync(path, '{"retries":');
    const broken = await runMain(['config', 'init', '--force'], { env });
    expect([broken.status, broken.stderr]).toEqual([0, like(/^replaced: .*config\.json:1:\d+: /)]);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ retries: 2 });
    const home = openTempDir();
    const deep = { XDG_CONFIG_HOME: join(home, 'a', 'b') };
    expect((await runMain(['config', 'init', '-q'], { env: deep })).stdout).toContain('a/b/cct/config.json');
    const named = join(openTempDir(), 'new.json');
    expect(await runMain(['config', 'init', '-q', '--config', named])).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(readFileSync(named, 'utf8'))).toMatchObject({ format: 'json' });
    const why = 'cct config init writes a settings file: leave --no-config out, or name one with --config';
    expect(await runMain(['config', 'init', '--no-config'], { env })).toEqual(complaint(why));
  });

  test('a file in its directory that cannot be made is an error', async () => {
    const env = { XDG_CONFIG_HOME: writeTempFile('file', '') };
    expect(await runMain(['config', 'init'], { env })).toMatchObject({
      status: 2,
      stderr: like(/^cct: cannot write .*: a part of the path/),
    });
  });
});
