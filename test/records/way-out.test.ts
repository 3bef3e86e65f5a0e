import { expect, test } from 'vitest';
import { toSplitAdvice } from '../../src/records/way-out.ts';

const IN_BUNDLE = '.judgements[]?, .verdicts[]?, .sightings[]?, .indicators[]?, .casebooks[]?';

test.each([
  ['[{"a":1},', '.[]'],
  ['[\n"x"', '.[]'],
  ['{"type":"bundle","id":"x","objects":[{"type":', '.objects[]'],
  ['{"more":true,"labels":["x"],"objects":[{', '.objects[]'],
  ['{"response":[{"Event":{', '.response[]'],
  ['{"response":{"Attribute":[{', '.response.Attribute[]'],
  ['{"Event":{"info":"x","Tag":[{"name":', '.Event | .Attribute[]?, .Object[]?'],
  ['{"info":"x","Tag":[{"name":', '.Attribute[]?, .Object[]?'],
  ['{"hits":{"total":{"value":2},"hits":[{', '.hits.hits[]'],
  ['{"type":"bundle","sightings":[{', IN_BUNDLE],
])('%s is split by what it shows', async (head, filter) => {
  expect(await toSplitAdvice(head)).toBe(`write one JSON object per line (jq -c '${filter}')`);
});

test.each(['{"a":1,', '{"a b":[{', `{"it's":[{`, '{"a":["x"', '{"a":'.repeat(100_000)])(
  'what shows no list is read as text',
  async (head) => {
    expect(await toSplitAdvice(head)).toBe('read it as text with --input-format text');
  },
);
