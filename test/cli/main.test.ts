import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { settings } from '../../src/config.ts';
import { like, runMain } from '../helpers/run-cct.ts';

const complaint = (stderr: string) => ({ status: 2, stdout: '', stderr: `cct: ${stderr}\n` });

describe('help', () => {
  test('names serve before its settings in config, and not in serve itself', async () => {
    const [serve, config] = [await runMain(['serve', '--help']), await runMain(['config', '--help'])];
    expect([serve.stdout.includes('serve: '), config.stdout.includes('serve: ')]).toEqual([false, true]);
    expect(serve.stdout).toMatch(/--metrics +expose Prometheus metrics/);
  });

  test.each([['--help'], ['-h'], ['help']])('of the program is printed by %s', async (flag) => {
    const { status, stdout, stderr } = await runMain([flag]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: cct /);
    expect(stdout).toMatch(/\n {2}observe .*\n(.*\n)* {2}health /);
    expect(stdout).toContain('cct observe observables.json --snapshot sample');
    expect(stdout).toMatch(/\n *130 {2}interrupted/);
  });

  test.each(['observe', 'deliberate'])('of %s names every setting', async (command) => {
    const { status, stdout, stderr } = await runMain([command, '--help']);
    expect([status, stderr]).toEqual([0, '']);
    const flags = Object.values(settings).map(({ flag }) => flag);
    expect(flags.filter((flag) => !stdout.includes(flag))).toEqual([]);
  });

  test.each([['health'], ['snapshot'], ['snapshot', 'import'], ['snapshot', 'info']])('of %s %s is there', async (...words) => {
    const { status, stdout, stderr } = await runMain([...words, '--help']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: cct ${words.join(' ')}`);
  });

  test('wins over other arguments, and nothing is read', async () => {
    const { status, stdout, stderr } = await runMain(['observe', '/no/such/file', '--timeout', '10s', '--help']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: cct observe /);
  });
});

test.each([['--version'], ['-V']])('%s prints name and version', async (flag) => {
  expect(await runMain([flag])).toEqual({ status: 0, stdout: `cct ${packageJson.version}\n`, stderr: '' });
});

describe('a command line that cannot be understood', () => {
  test.each<[string, string[], string]>([
    [
      'nothing at all',
      [],
      'no command given; expected one of observe, deliberate, health, serve, module-type, snapshot, cache, config, completion. Try: cct --help',
    ],
    ['half a command', ['snapshot'], 'no command given; expected one of update, import, info. Try: cct snapshot --help'],
    ['a command that is none', ['obverse'], "unknown command 'obverse' (Did you mean observe?). Try: cct --help"],
    ['a command of a group that is none', ['snapshot', 'foo'], "unknown command 'foo'. Try: cct snapshot --help"],
    ['help for a command that is none', ['help', 'foo'], "unknown command 'foo'. Try: cct --help"],
    [
      'help for a command of a group that is none',
      ['help', 'snapshot', 'foo'],
      "unknown command 'foo'. Try: cct snapshot --help",
    ],
    [
      'help within a group for a command that is none',
      ['snapshot', 'help', 'foo'],
      "unknown command 'foo'. Try: cct snapshot --help",
    ],
    ['a flag that is none', ['observe', '--sauce'], "unknown option '--sauce' (Did you mean --source?). Try: cct observe --help"],
    [
      'a flag that is shortened',
      ['observe', '--time', '1s'],
      "unknown option '--time' (Did you mean --timeout?). Try: cct observe --help",
    ],
    [
      'a flag without its value',
      ['observe', '--timeout'],
      "option '--timeout <duration>' argument missing. Try: cct observe --help",
    ],
    [
      'too many arguments',
      ['health', 'now'],
      "too many arguments for 'health'. Expected 0 arguments but got 1. Try: cct health --help",
    ],
    ['an argument that is missing', ['snapshot', 'import'], "missing required argument 'file'. Try: cct snapshot import --help"],
    ['a wrong flag of a sub-command', ['cache', 'clear', '--bad'], "unknown option '--bad'. Try: cct cache clear --help"],
    [
      'a wrong value',
      ['observe', '--timeout', '10'],
      '--timeout: expected a duration such as 500ms, 10s or 5m, from 1ms to 24h, got "10"',
    ],
    ['a flag of another command', ['health', '--format', 'csv'], "unknown option '--format'. Try: cct health --help"],
  ])('is told in one line, and nothing is done: %s', async (_what, args, message) => {
    expect(await runMain(args)).toEqual(complaint(message));
  });

  test('is told alike when a variable is wrong', async () => {
    expect(await runMain(['observe', '--ip', '192.0.2.1'], { env: { CCT_RETRIES: 'many' } })).toEqual(
      complaint('CCT_RETRIES: expected a whole number from 0 to 10, got "many"'),
    );
  });

  test('never obeys control characters in it', async () => {
    expect(await runMain(['observe', '--\u001B[31m'])).toEqual(
      complaint("unknown option '--\uFFFD[31m'. Try: cct observe --help"),
    );
  });
});

describe('colour on stderr', () => {
  const complain = async (flags: readonly string[], env: Readonly<Record<string, string>>, isTerminal: boolean) => {
    const { stdout, stderr } = await runMain(['observe', '/no/such/file', ...flags], { env, isTerminal: { stderr: isTerminal } });
    expect(stdout).toBe('');
    return stderr.startsWith('\u001B[31mcct:\u001B[39m ');
  };

  test.each<[boolean, string[], Record<string, string>, boolean]>([
    [true, [], {}, true],
    [false, [], {}, false],
    [false, ['--no-color'], {}, true],
    [false, [], { CCT_NO_COLOR: '1' }, true],
    [false, [], { NO_COLOR: '1' }, true],
    [false, [], { TERM: 'dumb' }, true],
    [true, [], { FORCE_COLOR: '1' }, false],
    [false, ['--no-color'], { FORCE_COLOR: '1' }, false],
  ])('is %s with %j, %j, and a terminal: %s', async (isColoured, flags, env, isTerminal) => {
    expect(await complain(flags, env, isTerminal)).toBe(isColoured);
  });

  test('does not hang on stdout, nor the other way round', async () => {
    const args = ['observe', '--snapshot', 'sample', '--format', 'table', '--ip', '10.0.0.8', 'missing'];
    const onlyOut = await runMain(args.slice(0, -1), { isTerminal: { stdout: true } });
    const onlyErr = await runMain(args, { isTerminal: { stderr: true } });
    expect([onlyOut.stdout.includes('\u001B['), onlyOut.stderr.includes('\u001B[')]).toEqual([true, false]);
    expect([onlyErr.stdout.includes('\u001B['), onlyErr.stderr.includes('\u001B[')]).toEqual([false, true]);
  });
});

describe('a bug', () => {
  const broken = () => {
    throw new TypeError('the clock is broken');
  };

  test('is told as one, with its stack, and exits with 1', async () => {
    const { status, stdout, stderr } = await runMain(['observe', '--snapshot', 'sample', '--ip', '192.0.2.1'], { now: broken });
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: like(/^cct: This is a bug in cct: the clock is broken\nTypeError: the clock is broken\n {4}at .*main\.test\.ts/),
    });
  });
});

describe('the cause of an error', () => {
  test('is not told unasked', async () => {
    expect(await runMain(['observe', '/no/such/file'])).toEqual(complaint('cannot read /no/such/file: no such file'));
  });

  test('is told with --debug', async () => {
    const { status, stdout, stderr } = await runMain(['observe', '/no/such/file', '--debug']);
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: like(/^cct: cannot read \/no\/such\/file: no such file\nError: ENOENT: no such file or directory, open /),
    });
  });
});
