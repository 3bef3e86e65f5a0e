import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { like, openTempDir, runMain } from '../helpers/run-cct.ts';
import { complaint, SAMPLE, writeTempFile } from './live.ts';

const LISTED = 'http://panel.example/d12/cp.php?m=login';
const OBSERVE = ['observe', ...SAMPLE, '--url', LISTED];
const observe = (...flags: readonly string[]) => runMain([...OBSERVE, ...flags, '-q']);

describe('--fields', () => {
  const fields = ['--fields', 'status,observable.value', '--fields', 'seen.first.line'];

  test.each([
    ['csv', `status,observable.value,seen.first.line\nlisted,${LISTED},\n`],
    ['table', `status  observable.value                         seen.first.line\nlisted  ${LISTED}\n`],
    [
      'markdown',
      like(/\n\| status \| `observable\.value` \| `seen\.first\.line` \|\n\| --- \| --- \| --- \|\n\| listed \| `hxxp:/),
    ],
    ['html', like(/>observable\.value<\/th>/)],
  ])('chooses the columns of %s', async (format, stdout) => {
    expect(await observe('--format', format, ...fields)).toEqual({ status: 0, stdout, stderr: '' });
  });

  test.each(['json', 'ndjson'])('is refused with %s, unless a page is written too', async (format) => {
    const refusal = complaint(`--fields chooses columns of table, csv, markdown, html, not of ${format}`);
    expect(await observe('--format', format, ...fields)).toEqual(refusal);
    const page = join(openTempDir(), 'page.html');
    expect((await observe('--format', format, ...fields, '--html', page)).status).toBe(0);
    expect(readFileSync(page, 'utf8')).toContain('>observable.value</th>');
  });

  test('in a variable waits for a format with columns', async () => {
    const env = { CCT_FIELDS: 'status', CCT_BOM: '1', CCT_CRLF: '1' };
    expect((await runMain([...OBSERVE, '--format', 'ndjson'], { env })).status).toBe(0);
    expect((await runMain([...OBSERVE, '--format', 'csv'], { env })).stdout).toBe('\uFEFFstatus\r\nlisted\r\n');
  });

  test('of a path that no row has is refused, with those that are near', async () => {
    const expected = '--fields: expected values of a row such as observable.value, or several separated by commas';
    expect(await observe('--format', 'csv', '--fields', 'entry')).toEqual(
      complaint(`${expected}, got "entry"; did you mean matched.entry, related.entry, older.entry?`),
    );
    expect(await observe('--format', 'csv', '--fields', 'status, famly')).toEqual(
      complaint(`${expected}, got "status, famly"; "famly" is unknown: did you mean family?`),
    );
    expect((await observe('--format', 'csv', '--fields', 'x')).stderr).toMatch(
      /, got "x"; use observable\.type, observable\.value, status/,
    );
  });

  test('is not --field, which chooses what is read', async () => {
    const log = writeTempFile('eve.json', '{"a":"198.51.100.60","b":"192.0.2.1"}\n');
    const { stdout } = await runMain([
      'observe',
      ...SAMPLE,
      log,
      '--field',
      'b',
      '--fields',
      'observable.value',
      '--format',
      'csv',
    ]);
    expect(stdout).toBe('observable.value\n192.0.2.1\n');
  });
});

describe('csv', () => {
  test.each([
    ['LF', [], ''],
    ['CR and LF', ['--crlf'], ''],
    ['a byte order mark', ['--bom'], '\uFEFF'],
    ['both', ['--bom', '--crlf', '--defang'], '\uFEFF'],
    ['chosen columns', ['--fields', 'status,observable.value,observable.type,matched.entry'], ''],
  ])('with %s is read back as the same observables', async (_what, flags, mark) => {
    const given = ['--ip', '198.51.100.60', '--domain', 'shop.example', '--url', 'http://a.example/?x=1,2;"3"'];
    const rows = async (args: readonly string[]) => {
      const { stdout } = await runMain(['observe', ...SAMPLE, ...args, '--format', 'ndjson', '-q']);
      return stdout
        .trimEnd()
        .split('\n')
        .map((line): unknown => (JSON.parse(line) as { observable: unknown }).observable);
    };
    const { stdout } = await observe(...given, '--format', 'csv', ...flags);
    expect([stdout.startsWith('\uFEFF'), /[^\r]\n/.test(stdout)]).toEqual([mark !== '', !flags.includes('--crlf')]);
    expect(await rows([writeTempFile('rows.csv', stdout)])).toEqual(await rows(['--url', LISTED, ...given]));
  });

  test.each(['--crlf', '--bom'])('alone has %s', async (flag) => {
    expect(await observe(flag)).toEqual(complaint(`${flag} is for --format csv, not json`));
    expect(await observe('--format', 'table', flag)).toEqual(complaint(`${flag} is for --format csv, not table`));
  });
});

describe('values', () => {
  const isDefanged = async (format: string, flags: readonly string[] = [], env: Readonly<Record<string, string>> = {}) => {
    const { stdout } = await runMain([...OBSERVE, '--format', format, ...flags], { env });
    return stdout.includes('hxxp://panel[.]example');
  };

  test.each([
    ['table', false],
    ['csv', false],
    ['markdown', true],
    ['html', true],
  ])('in %s are defanged by default: %j', async (format, byDefault) => {
    expect(await isDefanged(format)).toBe(byDefault);
    expect([await isDefanged(format, ['--defang']), await isDefanged(format, ['--no-defang'])]).toEqual([true, false]);
    expect([await isDefanged(format, [], { CCT_DEFANG: '1' }), await isDefanged(format, [], { CCT_DEFANG: '0' })]).toEqual([
      true,
      false,
    ]);
    expect(await isDefanged(format, ['--no-defang'], { CCT_DEFANG: '1' })).toBe(false);
    expect(await isDefanged(format, ['--defang', '--no-defang'])).toBe(false);
    expect(await isDefanged(format, ['--no-defang', '--defang'])).toBe(true);
  });

  test('are left as they are by --no-defang in json, which never defangs', async () => {
    expect(await observe('--no-defang')).toMatchObject({ status: 0, stderr: '' });
    expect(await isDefanged('json', ['--no-defang'])).toBe(false);
  });

  test.each([
    [[], {}, { value: null, origin: 'default', given_by: null }],
    [['--no-defang'], { CCT_DEFANG: '1' }, { value: false, origin: 'flag', given_by: '--no-defang' }],
    [['--defang'], {}, { value: true, origin: 'flag', given_by: '--defang' }],
    [[], { CCT_DEFANG: '0' }, { value: false, origin: 'environment', given_by: 'CCT_DEFANG' }],
  ])('are shown by cct config as they were chosen: %j', async (flags, env, expected) => {
    const { stdout } = await runMain(['config', ...flags], { env });
    expect((JSON.parse(stdout) as { settings: Record<string, unknown> }).settings['defang']).toEqual(expected);
  });
});
