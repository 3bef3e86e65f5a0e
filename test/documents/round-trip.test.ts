import { describe, expect, test } from 'vitest';
import { hostileRows, OBSERVABLES, toRow } from './hostile.ts';
import { readBack, write } from './read-back.ts';

const FORMATS = ['stix', 'misp', 'ecs', 'ctim-bundle', 'csv', 'json', 'ndjson'] as const;
const named = OBSERVABLES.map(({ type, value }) => `${type} ${value}`);

describe.each(FORMATS)('%s', (format) => {
  test('of hostile values and families is read back as the same observables, and no others', async () => {
    const { found, said } = await readBack(await write(format, hostileRows));
    expect([[...found].sort(), said]).toEqual([[...named].sort(), []]);
  });

  test.each(OBSERVABLES.map((observable) => [observable.value, observable] as const))(
    'of %s alone is too',
    async (_value, observable) => {
      const { found } = await readBack(await write(format, [toRow(observable, 'Pony')]));
      expect(found).toEqual([`${observable.type} ${observable.value}`]);
    },
  );

  test('of nothing has no observables', async () => {
    expect(await readBack(await write(format, []))).toEqual({ found: [], said: [] });
  });
});
