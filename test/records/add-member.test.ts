import { describe, expect, test } from 'vitest';
import { addEnrichments, addMember } from '../../src/records/add-member.ts';

describe('a member', () => {
  test.each([
    ['{"a":1}', '{"a":1,"cct":[2]}'],
    ['{}', '{"cct":[2]}'],
    [' { "a" : "\\u007d" , "b":{}\t} \r', ' { "a" : "\\u007d" , "b":{},"cct":[2]\t} \r'],
    ['{"n":1.0,"big":12345678901234567890,"a":1,"a":2}', '{"n":1.0,"big":12345678901234567890,"a":1,"a":2,"cct":[2]}'],
    ['{"cct":"old","a":1}', '{"a":1,"cct":[2]}'],
    ['{"a":1,"cct":{"b":[1]}}', '{"a":1,"cct":[2]}'],
    ['{"cct":1,"cct":2}', '{"cct":[2]}'],
    ['{"a":{"cct":1}}', '{"a":{"cct":1},"cct":[2]}'],
    ['{"a":"cct"}', '{"a":"cct","cct":[2]}'],
  ])('is the last of %s', (text, expected) => {
    expect(addMember(text, 'cct', [2])).toBe(expected);
  });
});

describe('an enrichment', () => {
  test.each([
    ['{"a":1}', '{"a":1,"threat":{"enrichments":[2]}}'],
    ['{"threat":{"x":1},"a":1.0}', '{"threat":{"x":1,"enrichments": [2]},"a":1.0}'],
    ['{"threat":{"enrichments":[1]},"a":1.0}', '{"threat":{"enrichments":[1,2]},"a":1.0}'],
    ['{"threat":{"enrichments":{"x":1}}}', '{"threat":{"enrichments":[{"x":1},2]}}'],
    ['{"threat":{"enrichments":[]},"threat":{"y":1}}', '{"threat":{"y":1,"enrichments":[2]}}'],
    [
      '{"threat":{"enrichments":[{"indicator":{"provider":"CyberCrime Tracker"}},{"indicator":{"provider":"other"}}]}}',
      '{"threat":{"enrichments":[{"indicator":{"provider":"other"}},2]}}',
    ],
    ['{"threat":"high"}', '{"threat":"high","threat.enrichments":[2]}'],
  ])('goes beside what is there: %s', (text, expected) => {
    expect(addEnrichments(text, [2])).toBe(expected);
  });
});
