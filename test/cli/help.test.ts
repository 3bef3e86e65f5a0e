import { describe, expect, test } from 'vitest';
import { settings } from '../../src/config.ts';
import { toHelpColumns } from '../../src/cli/program/help.ts';
import { createProgram } from '../../src/cli/program/program.ts';
import { runMain } from '../helpers/run-cct.ts';

/** Help as a terminal of this width shows it. */
async function helpAt(columns: number | undefined, ...args: readonly string[]): Promise<string> {
  let help = '';
  const program = await createProgram({
    version: '1',
    onHelp: (text) => (help += text),
    helpColumns: toHelpColumns(columns),
    onInvocation: () => undefined,
  });
  await program.parseAsync(args, { from: 'user' }).catch(() => undefined);
  return help;
}

const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('a command line without a command prints short help on stderr:', () => {
  test.each([
    [[], 'observe'],
    [['snapshot'], 'update'],
    [['cache'], 'clear'],
  ])('cct %j', async (args, command) => {
    const { status, stdout, stderr } = await runMain(args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^Usage: ${['cct', ...args].join(' ')} [^]*\n {2}\\$ cct [^]*\n {2}${command} `));
    expect(stderr).toMatch(new RegExp(`\nMore: ${['cct', ...args].join(' ')} --help\n$`));
    expect(stderr.split('\n').length).toBeLessThan(35);
  });
});

describe.each(['observe', 'deliberate'])('cct %s --help', (command) => {
  test('has three examples first, then the common options, in 45 lines of 80 columns', async () => {
    const { status, stdout, stderr } = await runMain([command, '--help']);
    expect([status, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    const examples = lines.flatMap((line, at) => (line.startsWith(`  $ cct `) ? [at] : []));
    const options = lines.flatMap((line, at) => (/^ {2}-/.test(line) ? [at] : []));
    expect([examples.length, Math.max(...examples) < Math.min(...options)]).toEqual([3, true]);
    expect(options.length).toBeGreaterThanOrEqual(12);
    expect([lines.length <= 45, widest(stdout) <= 80]).toEqual([true, true]);
    expect(stdout.replace(/\s+/g, ' ')).toContain(`cct ${command === 'observe' ? 'deliberate' : 'observe'}`);
    expect(stdout).not.toMatch(/verdict |judgement|CTIM/i);
  });

  test('--help-all has every option, with its variable and default', async () => {
    const { status, stdout, stderr } = await runMain([command, 'missing', '--help-all', '--timeout', 'x']);
    expect([status, stderr]).toEqual([0, '']);
    const text = stdout.replace(/\s+/g, ' ');
    const missing = Object.values(settings).filter(({ flag, env, ...rest }) => {
      const fallback = 'fallback' in rest ? `(default: ${rest.fallback}) ` : '';
      return !text.includes(`${flag} `) || !text.includes(`${fallback}[env: ${env}]`);
    });
    expect(missing.map(({ flag }) => flag)).toEqual([]);
  });
});

describe('help wraps at the width of its terminal', () => {
  test.each([
    [undefined, 80],
    [0, 80],
    [-1, 80],
    [NaN, 80],
    [80.5, 80],
    [40, 40],
    [10_000, 10_000],
  ])('of %s columns as %i', (columns, expected) => {
    expect(toHelpColumns(columns)).toBe(expected);
  });

  test.each([40, 60, 80, 120])('%i columns', async (columns) => {
    for (const args of [['--help'], ['observe', '--help'], ['help', 'environment'], ['help', 'input'], ['help', 'formats']]) {
      const help = await helpAt(columns, ...args);
      const long = help
        .split('\n')
        .filter((line) => line.length > columns && line.trim().includes(' ') && !/^ {2}\S+(, \S+)*( <\S+)?$/.test(line));
      expect([args, long.filter((line) => !/^(?:Topics|Usage): /.test(line))]).toEqual([args, []]);
    }
  });

  test('a wide one has a line an option, a narrow one text below its option', async () => {
    expect(await helpAt(10_000, 'observe', '--help')).toMatch(
      /\n {2}--dry-run +print the lookup keys, .* \[env: CCT_DRY_RUN\]\n {2}-/,
    );
    expect(await helpAt(40, 'observe', '--help')).toMatch(/\n {2}--dry-run\n {6}print the lookup keys/);
  });
});

describe('cct help', () => {
  test.each([
    ['environment', /CCT_TIMEOUT +timeout for one attempt \(default: 10s\)[^]*CCT_PORT, PORT [^]*NO_COLOR/],
    ['formats', /ndjson +every observable[^]*stix +STIX/],
    ['exit-status', /\n +0 {2}every[^]*\n +10 {2}an observable matched[^]*\n +143 /],
    ['input', /192\.0\.2\.1 +an address[^]*report\.txt[^]*--domain/],
    ['snapshot', /^Usage: cct snapshot [^]*\n {2}update /],
    ['snapshot import', /^Usage: cct snapshot import /],
    ['observe', /^Usage: cct observe /],
  ])('%s', async (words, pattern) => {
    const { status, stdout, stderr } = await runMain(['help', ...words.split(' ')]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(pattern);
  });
});

test('a variable that cct does not have is a note with the nearest one, and no note with -q', async () => {
  const args = ['observe', '--snapshot', 'sample', '192.0.2.1'];
  const env = { CCT_TIMOUT: '1s', CCT_XYZZY: '1' };
  const { status, stderr } = await runMain(args, { env });
  expect([status, stderr.split('\n').slice(0, 2)]).toEqual([
    0,
    [
      'CCT_TIMOUT: unknown variable, ignored (did you mean CCT_TIMEOUT?)',
      'CCT_XYZZY: unknown variable, ignored (cct help environment lists them)',
    ],
  ]);
  expect((await runMain([...args, '-q'], { env })).stderr).toBe('');
});
