import { describe, expect, test } from 'vitest';
import { readJson, readNdjson } from '../../../src/cli/input/json.ts';
import type { Observable } from '../../../src/core/observable.ts';
import { like } from '../../helpers/run-cct.ts';

/** Each line in a block of its own. */
async function* toBlocks(text: string): AsyncGenerator<string[]> {
  for (const line of text.split('\n')) yield await Promise.resolve([line]);
}

async function collect(batches: AsyncIterable<readonly Observable[]>): Promise<Observable[]> {
  const all: Observable[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

const json = (text: string) => collect(readJson(toBlocks(text), 'a.json'));

async function ndjson(text: string): Promise<string[]> {
  const found: string[] = [];
  for await (const observables of readNdjson(toBlocks(text), 'a.ndjson')) {
    for (const { type, value } of observables) found.push(`${type} ${value}`);
  }
  return found;
}

const complaint = (message: string) => ({ code: 'input', message });

describe('json', () => {
  test.each([
    [
      '[{"type":"ip","value":"192.0.2.1","id":7},{"value":"x","type":"Y"}]',
      [
        { type: 'ip', value: '192.0.2.1' },
        { type: 'Y', value: 'x' },
      ],
    ],
    ['{"title":"x","observables":[{"type":"ip","value":"192.0.2.1"}]}', [{ type: 'ip', value: '192.0.2.1' }]],
    ['[{"type":"url","value":" hxxp://panel[.]example/ "}]', [{ type: 'url', value: ' hxxp://panel[.]example/ ' }]],
  ])('is read literally, without other keys: %s', async (text, expected) => {
    expect(await json(text)).toEqual(expected);
  });

  test.each([
    ['[{"type":"ip","value":"192.0.2.1"},,]', 'a.json:1:36: invalid JSON'],
    ['[\n  {"type":"ip",\n   "value":192.0.2.1}\n]', 'a.json:3:17: invalid JSON'],
    ['[{"type":"ip","value":"192.0.2.1"}', 'a.json:1:35: invalid JSON'],
    ['[] // none', 'a.json:1:4: invalid JSON'],
    ['[{"type":"ip","value":"192.0.2.1"},]', 'a.json:1:36: invalid JSON'],
    ['[]\n[]', 'a.json:2:1: invalid JSON'],
    ['[{"type":"ip","value":"a\tb"}]', 'a.json:1:23: invalid JSON'],
  ])('that is broken is named by line and column: %j', async (text, message) => {
    await expect(json(text)).rejects.toMatchObject(complaint(message));
  });

  test('of a hundred thousand open brackets is broken, and nothing else happens', async () => {
    await expect(json('['.repeat(100_000))).rejects.toMatchObject({
      code: 'input',
      message: like(/^a\.json(:1:\d+)?: invalid JSON$/),
    });
  });

  test.each(['1', '"x"', 'null', '{}', '{"observables":{}}', '{"type":"ip","value":"192.0.2.1"}'])(
    'that holds no observables is refused: %s',
    async (text) => {
      await expect(json(text)).rejects.toMatchObject(
        complaint('a.json: expected an array of {type, value}, or an object with an "observables" array'),
      );
    },
  );

  test.each([
    ['null', ': expected an object with type and value'],
    ['"192.0.2.1"', ': expected an object with type and value'],
    ['[]', ': expected an object with type and value'],
    ['{}', '.type: expected a non-empty string'],
    ['{"type":"ip","value":1}', '.value: expected a non-empty string'],
    ['{"type":"ip","value":""}', '.value: expected a non-empty string'],
    ['{"type":["ip"],"value":"x"}', '.type: expected a non-empty string'],
    ['{"Type":"ip","value":"x"}', '.type: expected a non-empty string'],
  ])('names the place of a wrong item: %s', async (item, message) => {
    const good = '{"type":"ip","value":"192.0.2.1"}';
    const error = complaint(`a.json: observables[2]${message}`);
    await expect(json(`[${good},${good},${item},${good},${good}]`)).rejects.toMatchObject(error);
    await expect(json(`{"observables":[${good},${good},${item}]}`)).rejects.toMatchObject(error);
  });

  describe('in bulk', () => {
    const MEBI = 1024 * 1024;
    async function* blanks(mebis: number): AsyncGenerator<string[]> {
      yield ['['];
      const block = [' '.repeat(MEBI)];
      for (let at = 0; at < mebis; at += 1) yield await Promise.resolve(block);
      yield [']'];
    }

    test('is refused above 64 MiB, with the way out', async () => {
      await expect(collect(readJson(blanks(64), 'big.json'))).rejects.toMatchObject(
        complaint("big.json: JSON documents may have at most 64 MiB: write one object per line (jq -c '.[]') and use ndjson"),
      );
    });

    test('is read up to 64 MiB', async () => {
      expect(await collect(readJson(blanks(63), 'big.json'))).toEqual([]);
    });

    test('is read no further than needed to refuse it', async () => {
      let blocks = 0;
      async function* endless(): AsyncGenerator<string[]> {
        const block = [' '.repeat(MEBI)];
        for (;;) {
          blocks += 1;
          yield await Promise.resolve(block);
        }
      }
      await expect(collect(readJson(endless(), 'stdin'))).rejects.toMatchObject({ code: 'input' });
      expect(blocks).toBe(65);
    });
  });
});

describe('ndjson', () => {
  test('is one observable a line, blank lines passed over', async () => {
    expect(await ndjson('{"type":"ip","value":"192.0.2.1"}\r\n\n  \n{"type":"url","value":"hxxp://x","n":1}')).toEqual([
      'ip 192.0.2.1',
      'url hxxp://x',
    ]);
  });

  test('that is broken is named by its line, blank ones counted', async () => {
    await expect(ndjson('{"type":"ip","value":"192.0.2.1"}\n\n{"type":"ip"\n')).rejects.toMatchObject(
      complaint('a.ndjson:3: invalid JSON'),
    );
  });

  test.each([
    ['[]', 'a.ndjson:2: observable: expected an object with type and value'],
    ['7', 'a.ndjson:2: observable: expected an object with type and value'],
    ['{"type":"ip"}', 'a.ndjson:2: observable.value: expected a non-empty string'],
  ])('names the line of a wrong item: %s', async (item, message) => {
    await expect(ndjson(`{"type":"ip","value":"192.0.2.1"}\n${item}\n`)).rejects.toMatchObject(complaint(message));
  });
});
