import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createManPage } from '../src/cli/program/man-page.ts';
import { examplesText } from '../src/cli/program/program.ts';
import type { ExampleRoom } from './helpers/example-room.ts';
import { openExampleRoom } from './helpers/example-room.ts';

describe('an example of the help and the man page', () => {
  let room: ExampleRoom;
  beforeAll(async () => {
    room = await openExampleRoom();
  });
  afterAll(() => room.close());

  const commands = examplesText.split('\n').map((line) => line.trim().replace(/^\$ /, '').split(/ {2,}/)[0] ?? '');

  test.each(commands)('runs: %s', { timeout: 60_000 }, async (command) => {
    expect(await room.run(command)).toMatch(/panel\.example|listed|192\.0\.2\.1/);
  });

  test('stands in the man page', async () => {
    const page = (await createManPage()).replaceAll('\\-', '-');
    expect(commands.length).toBeGreaterThan(3);
    expect(commands.filter((command) => !page.includes(`$ ${command}`))).toEqual([]);
  });
});
