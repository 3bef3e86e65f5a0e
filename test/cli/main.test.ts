import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { like, runMain } from '../helpers/run-cct.ts';
import { complaint } from './live.ts';

describe('help', () => {
  test('names serve before its settings in config, and not in serve itself', async () => {
    const [serve, config] = [await runMain(['serve', '--help']), await runMain(['config', '--help-all'])];
    expect([serve.stdout.includes('serve: '), config.stdout.includes('serve: ')]).toEqual([false, true]);
    expect(serve.stdout).toMatch(/--metrics +expose Prometheus metrics/);
  });

  test.each([['--help'], ['-h'], ['help']])('of the program is printed by %s', async (flag) => {
    const { status, stdout, stderr } = await runMain([flag]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: cct /);
    expect(stdout).toMatch(/\n {2}observe \[file\|value...\] .*\n(.*\n)* {2}health /);
    expect(stdout).toContain('$ cct observe 192.0.2.1 ');
    expect(stdout).toMatch(/\nTopics: cct help environment, formats, exit-status, input\n$/);
  });

  test.each(['observe', 'deliberate', 'health', 'snapshot', 'snapshot import', 'snapshot info'])('of %s', async (path) => {
    const { status, stdout, stderr } = await runMain([...path.split(' '), '--help']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: cct ${path} `);
  });

  test('takes precedence over other arguments, and nothing is read', async () => {
    const { status, stdout, stderr } = await runMain(['observe', '/no/such/file', '--timeout', '10s', '--help']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: cct observe /);
  });
});

test.each([['--version'], ['-V']])('%s prints name and version', async (flag) => {
  expect(await runMain([flag])).toEqual({ status: 0, stdout: `cct ${packageJson.version}\n`, stderr: '' });
});

describe('a command line that cannot be understood', () => {
  test.each<[args: string, message: string]>([
    ['obverse', "unknown command 'obverse' (Did you mean observe?). Try: cct --help"],
    ['snapshot foo', "unknown command 'foo'. Try: cct snapshot --help"],
    ['help foo', "unknown command or topic 'foo'. Try: cct --help"],
    ['help enviroment', "unknown command or topic 'enviroment' (Did you mean environment?). Try: cct --help"],
    ['help obsrve', "unknown command or topic 'obsrve' (Did you mean observe?). Try: cct --help"],
    ['help input more', 'input is a topic: use cct help input'],
    ['192.0.2.1', "unknown command '192.0.2.1'. To look it up: cct observe 192.0.2.1"],
    ['snapshot updte', "unknown command 'updte' (Did you mean update?). Try: cct snapshot --help"],
    ['help snapshot diff x', "unknown command 'x'. Try: cct snapshot diff --help"],
    ['snapshot help updte', "unknown command 'updte' (Did you mean update?). Try: cct snapshot --help"],
    ['config inti', "unknown command 'inti' (Did you mean init?). Try: cct config --help"],
    ['help snapshot foo', "unknown command 'foo'. Try: cct snapshot --help"],
    ['snapshot help foo', "unknown command 'foo'. Try: cct snapshot --help"],
    ['observe --sauce', "unknown option '--sauce' (Did you mean --source?). Try: cct observe --help"],
    ['observe --time 1s', "unknown option '--time' (Did you mean --timeout?). Try: cct observe --help"],
    ['observe --timeout', "option '--timeout <duration>' argument missing. Try: cct observe --help"],
    ['health now', "too many arguments for 'health'. Expected 0 arguments but got 1. Try: cct health --help"],
    ['snapshot import', "missing required argument 'file'. Try: cct snapshot import --help"],
    ['cache clear --bad', "unknown option '--bad'. Try: cct cache clear --help"],
    ['health --format csv', "unknown option '--format'. Try: cct health --help"],
    ['observe --timeout 10', '--timeout: expected a duration such as 500ms, 10s or 5m, from 1ms to 24h, got "10"'],
    ['observe --\u001B[31m', "unknown option '--\uFFFD[31m'. Try: cct observe --help"],
  ])('is reported in one line: cct %s', async (args, message) => {
    expect(await runMain(args.split(' ').filter((arg) => arg !== ''))).toEqual(complaint(message));
  });

  test('is reported alike when a variable is wrong', async () => {
    const run = await runMain(['observe', '--ip', '192.0.2.1'], { env: { CCT_RETRIES: 'many' } });
    expect(run).toEqual(complaint('CCT_RETRIES: expected a whole number from 0 to 10, got "many"'));
  });
});

describe('colour', () => {
  const OBSERVE = ['observe', '--snapshot', 'sample', '--format', 'table', '--ip', '10.0.0.8'];

  // What decides is tested in test/cli/output/colour.test.ts.
  test.each<[boolean, string[], Record<string, string>, boolean]>([
    [true, [], {}, true],
    [false, [], {}, false],
    [false, ['--no-color'], {}, true],
    [false, [], { CCT_NO_COLOR: '1' }, true],
    [true, ['--color', 'always'], {}, false],
    [true, ['--no-color', '--color=always'], { NO_COLOR: '1' }, false],
    [false, ['--color', 'always', '--no-color'], {}, true],
    [true, [], { FORCE_COLOR: '1' }, false],
  ])('on stderr is %s with %j, %j, and a terminal: %s', async (isColoured, flags, env, isTerminal) => {
    const run = await runMain(['observe', '/no/such/file', ...flags], { env, isTerminal: { stderr: isTerminal } });
    expect(run.stderr.startsWith('\u001B[31mcct:\u001B[39m ')).toBe(isColoured);
  });

  test.each(['stdout', 'stderr'] as const)('is on %s alone where that alone is a terminal', async (stream) => {
    const args = stream === 'stdout' ? OBSERVE : [...OBSERVE, 'missing'];
    const run = await runMain(args, { isTerminal: { [stream]: true } });
    expect([run.stdout.includes('\u001B['), run.stderr.includes('\u001B[')]).toEqual([stream === 'stdout', stream === 'stderr']);
  });
});

test('a bug is reported as one, with its stack, and exits with 1', async () => {
  const now = () => {
    throw new TypeError('the clock is broken');
  };
  expect(await runMain(['observe', '--snapshot', 'sample', '--ip', '192.0.2.1'], { now })).toEqual({
    status: 1,
    stdout: '',
    stderr: like(/^cct: This is a bug in cct: the clock is broken\nTypeError: the clock is broken\n {4}at .*main\.test\.ts/),
  });
});

test('the cause of an error is printed with --debug alone', async () => {
  const line = 'cannot read /no/such/file: no such file, and it is not an IP, URL or domain';
  expect(await runMain(['observe', '/no/such/file'])).toEqual(complaint(line));
  const { status, stderr } = await runMain(['observe', '/no/such/file', '--debug']);
  expect([status, stderr.startsWith(`cct: ${line}\nError: ENOENT: no such file or directory, stat `)]).toEqual([2, true]);
});
