import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExampleRoom } from './helpers/readme.ts';
import { examplesOf, openExampleRoom, readReadme, withoutTimes } from './helpers/readme.ts';

const examples = examplesOf(await readReadme());
let room: ExampleRoom;

beforeAll(async () => {
  room = await openExampleRoom();
});
afterAll(() => room.close());

test('an example stands for each use', () => {
  expect(examples.length).toBeGreaterThanOrEqual(10);
});

test.each(examples)('an example prints what the README says: $command', async ({ command, output, block }) => {
  expect(withoutTimes(await room.run({ command, block }))).toBe(withoutTimes(output));
});
