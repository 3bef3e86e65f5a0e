import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExampleRoom } from './helpers/example-room.ts';
import { openExampleRoom, withoutTimes } from './helpers/example-room.ts';
import { commandsOf, fencesOf, filesOf, isRun, isShown, pages } from './helpers/pages.ts';

const runnable = pages
  .map((page) => ({ page, examples: fencesOf(page).filter(isRun).flatMap(commandsOf) }))
  .filter(({ examples }) => examples.length > 0);

test('most pages for users have commands that run', () => {
  expect(runnable.length).toBeGreaterThan(7);
});

describe.each(runnable)('$page.path', ({ page, examples }) => {
  let room: ExampleRoom;
  beforeAll(async () => {
    room = await openExampleRoom(filesOf(page));
  });
  afterAll(() => room.close());

  test.each(examples)('line $line prints what the page shows: $command', async ({ command, shown, fence }) => {
    const printed = withoutTimes(await room.run(command, fence));
    if (shown === undefined) return;
    const expected = withoutTimes(shown);
    // What differs shows only when the texts are compared.
    if (!isShown(printed, expected)) expect(printed).toBe(expected);
  });
});
