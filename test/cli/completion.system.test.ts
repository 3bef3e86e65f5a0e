import { describe, expect, test } from 'vitest';
import { settings } from '../../src/config.ts';
import { offeredByZshFunctions, openShell, typeIntoBash } from '../helpers/shells.ts';

const FILES = ['list one.csv', 'lists', 'other.txt'];
const FORMATS = ['csv', 'ctim-bundle', 'ecs', 'html', 'json', 'markdown', 'misp', 'ndjson', 'stix', 'table'];

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (shell) => {
  test('offers the commands, and those below them', () => {
    const { offered } = openShell(shell);
    const all = ['cache', 'completion', 'config', 'deliberate', 'health', 'help', 'module-type', 'observe', 'serve', 'snapshot'];
    expect([offered('cct '), offered('cct obs'), offered('cct snapshot '), offered('cct help sn')]).toEqual([
      all,
      ['observe'],
      ['diff', 'export', 'help', 'import', 'info', 'update'],
      ['snapshot'],
    ]);
  });

  test('offers every flag of a command, and none of another', () => {
    const { offered } = openShell(shell);
    const flags = Object.values(settings).flatMap(({ flag }) => /--[a-z-]+/.exec(flag) ?? []);
    expect(offered('cct observe --')).toEqual(expect.arrayContaining([...flags, '--ip', '--url', '--help']));
    expect(offered('cct observe --ho')).toEqual([]);
    expect(offered('cct serve --ho')).toEqual(['--host']);
    expect(offered('cct snapshot import --m')).toEqual(['--merge']);
  });

  test('offers what a flag can be', () => {
    const { offered } = openShell(shell);
    expect([offered('cct observe --format '), offered('cct observe --format='), offered('cct observe --format nd')]).toEqual([
      FORMATS,
      FORMATS,
      ['ndjson'],
    ]);
    expect([offered('cct health --source '), offered('cct module-type --auth h'), offered('cct observe --only l')]).toEqual([
      ['auto', 'live', 'snapshot'],
      ['hs256'],
      ['listed'],
    ]);
    expect(offered('cct completion ')).toEqual(['bash', 'fish', 'powershell', 'zsh']);
  });

  test('offers files where a file is expected, directories where a directory is, and neither elsewhere', () => {
    const { offered } = openShell(shell);
    expect([offered('cct observe '), offered('cct snapshot import --merge '), offered('cct observe --output ')]).toEqual([
      FILES,
      FILES,
      FILES,
    ]);
    expect([offered('cct observe --output=o'), offered('cct observe --cache-dir '), offered('cct observe -- li')]).toEqual([
      ['other.txt'],
      ['lists'],
      ['list one.csv', 'lists'],
    ]);
    expect([offered('cct observe --timeout '), offered('cct cache clear li'), offered('cct snapshot li')]).toEqual([[], [], []]);
  });

  test('offers the built-in snapshot beside the files that may hold one', () => {
    const { offered } = openShell(shell);
    expect([offered('cct observe --snapshot '), offered('cct health --snapshot sa')]).toEqual([[...FILES, 'sample'], ['sample']]);
  });

  test('takes the value of a flag for no command', () => {
    const { offered } = openShell(shell);
    expect(offered('cct observe --column health --dr')).toEqual(['--dry-run']);
    expect(offered('cct observe --column=serve --dr')).toEqual(['--dry-run']);
  });
});

// What readline does with an offer: quotes it, and puts it where the cursor is.
test.each([
  ['cct obs\t--form\tnd\t', ['observe', '--format', 'ndjson']],
  ['cct observe --format=ta\tot\t', ['observe', '--format=table', 'other.txt']],
  ['cct observe list\\ \t', ['observe', 'list one.csv']],
  ['cct observe --cache-dir l\t', ['observe', '--cache-dir', 'lists/']],
])('a line typed into bash is completed: %j', (keys, args) => {
  expect(typeIntoBash(keys)).toEqual(args);
});

test('zsh reads the script from a directory of its functions too', () => {
  expect(offeredByZshFunctions('cct observe --format nd')).toEqual(['ndjson']);
});
