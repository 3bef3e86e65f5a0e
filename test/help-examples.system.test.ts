import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createManPage } from '../src/cli/program/man-page.ts';
import { examplesText } from '../src/cli/program/help-texts.ts';
import type { ExampleRoom } from './helpers/example-room.ts';
import { openExampleRoom } from './helpers/example-room.ts';

const REPORT = '2026-01-02 GET hxxp://panel[.]example/d12/cp.php?m=login';

describe('an example of the help and the man page', () => {
  let room: ExampleRoom;
  beforeAll(async () => {
    room = await openExampleRoom({ 'report.txt': REPORT, 'proxy.log': REPORT });
  });
  afterAll(() => room.close());

  const linesOf = (path: string) =>
    examplesText(path)
      .split('\n')
      .map((line) => line.trim().replace(/^\$ /, '').split(/ {2,}/)[0] ?? '');
  const commands = ['', 'observe', 'deliberate', 'snapshot', 'cache'].flatMap(linesOf);

  test.each(commands)('runs: %s', { timeout: 60_000 }, async (command) => {
    expect(await room.run(command)).toMatch(/panel\.example|listed|192\.0\.2\.1|cache/);
  });

  test('stands in the man page', async () => {
    const page = (await createManPage()).replaceAll('\\-', '-');
    const shown = ['', 'observe'].flatMap(linesOf);
    expect(shown.length).toBeGreaterThan(6);
    expect(shown.filter((command) => !page.includes(`$ ${command}`))).toEqual([]);
  });
});
