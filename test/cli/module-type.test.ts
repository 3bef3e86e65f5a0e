import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ModuleType } from '../../src/relay/docs/module-type.ts';
import { like, openTempDir, runMain } from '../helpers/run-cct.ts';
import { complaint } from './live.ts';

const run = (...args: readonly string[]) => runMain(['module-type', '--url', 'https://relay.example', ...args]);

describe('an option without effect is an error', () => {
  const EFFECTS = {
    '--audience': 'only hs256 and rs256 have an audience',
    '--jwks-host': 'only rs256 has keys of a host',
    '--jwt-secret-file': 'only hs256 has a secret',
  };

  test.each<[flag: keyof typeof EFFECTS, auths: string[]]>([
    ['--audience', ['none', 'bearer']],
    ['--jwks-host', ['none', 'bearer', 'hs256']],
    ['--jwt-secret-file', ['none', 'bearer', 'rs256']],
  ])('%s with %j', async (flag, auths) => {
    for (const auth of auths) {
      const message = `${flag} has no effect with --auth ${auth}: ${EFFECTS[flag]}`;
      expect(await run('--auth', auth, flag, 'x', '--output', 'x.json')).toEqual(complaint(message));
    }
  });

  test.each(['--audience x', '--auth rs256 --audience x --jwks-host keys.example', '--auth none'])(
    'but not: %s',
    async (args) => {
      expect(await run(...args.split(' '))).toMatchObject({ status: 0, stderr: '' });
    },
  );
});

describe('the secret of a file', () => {
  const SECRET = 'a secret with blanks, "quotes" and 32 bytes or more';

  /** A directory with a secret in it. */
  function openSecretDir(secret = `${SECRET}\n`) {
    const dir = openTempDir();
    writeFileSync(join(dir, 'relay.secret'), secret);
    return { secretFile: join(dir, 'relay.secret'), output: join(dir, 'module-type.json'), dir };
  }

  const keyIn = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as ModuleType).properties['configuration-token-key'];
  const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

  test('stands in the output, which only its owner can read, and nowhere else', async () => {
    const { secretFile, output, dir } = openSecretDir();
    const result = await run('--jwt-secret-file', secretFile, '--output', output, '--verbose', '--debug');
    expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
    expect([keyIn(output), modeOf(output)]).toEqual([SECRET, '600']);
    expect(readdirSync(dir).sort()).toEqual(['module-type.json', 'relay.secret']);
  });

  test('makes a file private that others could read, behind a link too', async () => {
    const { secretFile, output, dir } = openSecretDir();
    writeFileSync(output, 'old');
    chmodSync(output, 0o644);
    symlinkSync(output, join(dir, 'link.json'));
    expect(await run('--jwt-secret-file', secretFile, '--output', join(dir, 'link.json'))).toMatchObject({ status: 0 });
    expect([keyIn(output), modeOf(output)]).toEqual([SECRET, '600']);
  });

  test.each(['', '--output -', '--output /dev/stdout'])('is refused on stdout: %j', async (given) => {
    const { secretFile } = openSecretDir();
    expect(await run('--jwt-secret-file', secretFile, ...given.split(' ').filter(Boolean))).toEqual(
      complaint('--jwt-secret-file needs --output FILE: stdout would show the secret in a terminal or a log'),
    );
  });

  test('is written to no device', async () => {
    const { secretFile } = openSecretDir();
    expect(await run('--jwt-secret-file', secretFile, '--output', '/dev/null')).toEqual(
      complaint('cannot write /dev/null: a secret is written only to a regular file'),
    );
  });

  test('leaves the old file alone when it is weak or missing', async () => {
    const { secretFile, output, dir } = openSecretDir('short');
    writeFileSync(output, 'old');
    const runs = [run('--jwt-secret-file', secretFile, '--output', output), run('--jwt-secret-file', dir, '--output', output)];
    expect((await Promise.all(runs)).map(({ status, stderr }) => [status, stderr])).toEqual([
      [2, 'cct: The HS256 secret has 5 bytes; RFC 7518, section 3.2, requires at least 32\n'],
      [2, like(/^cct: cannot read .*cct-test-/)],
    ]);
    expect(readFileSync(output, 'utf8')).toBe('old');
  });

  test('may be missing: the output holds the placeholder, private all the same', async () => {
    const { output } = openSecretDir();
    expect(await run('--output', output)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect([keyIn(output), modeOf(output)]).toEqual(['REPLACE-WITH-A-LONG-RANDOM-SECRET', '600']);
  });

  test('leaves no draft where the output cannot be put', async () => {
    const { secretFile, output, dir } = openSecretDir();
    mkdirSync(output);
    const { status, stderr } = await run('--jwt-secret-file', secretFile, '--output', output);
    expect([status, stderr]).toEqual([2, `cct: cannot write ${output}: it is a directory\n`]);
    expect(readdirSync(dir).sort()).toEqual(['module-type.json', 'relay.secret']);
  });
});
