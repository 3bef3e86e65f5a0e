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

const OWN = '{"indicator":{"provider":"CyberCrime Tracker"}}';
const OTHER = '{"indicator":{"provider":"\\u00e9", "n":1e400}}';
// What a parser would change: numbers, repeated keys, escapes, blanks.
const ODD = '{"n":12345678901234567890, "m":1.0,"e":1e400,"a":1,"a":2,"s":"\\u00e9\\/"}';

describe('an enrichment', () => {
  test.each([
    ['{"a":1}', '{"a":1,"threat":{"enrichments":[2]}}'],
    ['{"threat":{"x":1},"a":1.0}', '{"threat":{"x":1,"enrichments":[2]},"a":1.0}'],
    ['{"threat":{ },"a":1}', '{"threat":{"enrichments":[2] },"a":1}'],
    ['{"threat":{"enrichments":[1]},"a":1.0}', '{"threat":{"enrichments":[1,2]},"a":1.0}'],
    ['{"threat":{"enrichments":[ ]}}', '{"threat":{"enrichments":[2 ]}}'],
    ['{"threat":{"enrichments": [ 1 ,\t1.0 ] }}', '{"threat":{"enrichments": [ 1 ,\t1.0,2 ] }}'],
    ['{"threat":{"enrichments":{"x":1.0}}}', '{"threat":{"enrichments":[{"x":1.0},2]}}'],
    ['{"threat":{"enrichments":null}}', '{"threat":{"enrichments":[null,2]}}'],
    [`{"threat":{"x":${ODD},"enrichments":[${ODD}]}}`, `{"threat":{"x":${ODD},"enrichments":[${ODD},2]}}`],
    [`{"threat":${ODD}}`, `{"threat":${ODD.slice(0, -1)},"enrichments":[2]}}`],
    ['{"threat":{"enrichments":[]},"threat":{"y":1}}', '{"threat":{"enrichments":[]},"threat":{"y":1,"enrichments":[2]}}'],
    ['{"threat":{"enrichments":[1],"enrichments":[1.0]}}', '{"threat":{"enrichments":[1],"enrichments":[1.0,2]}}'],
    ['{"threat":1,"thr\\u0065at":{"x":1}}', '{"threat":1,"thr\\u0065at":{"x":1,"enrichments":[2]}}'],
    ['{"threat":"high"}', '{"threat":"high","threat.enrichments":[2]}'],
    ['{"threat":null}', '{"threat":null,"threat.enrichments":[2]}'],
    [`{"threat":"high","threat.enrichments":[${ODD}]}`, `{"threat":"high","threat.enrichments":[${ODD},2]}`],
    ['{"threat.enrichments":[1],"a":1.0}', '{"threat.enrichments":[1,2],"a":1.0}'],
    ['{"threat":{"x":1},"threat.enrichments":[1]}', '{"threat":{"x":1},"threat.enrichments":[1,2]}'],
  ])('goes beside what is there: %s', (text, expected) => {
    expect(addEnrichments(text, [2])).toBe(expected);
  });

  test.each([
    [`[${OWN}]`, '[2]'],
    [OWN, '[2]'],
    [`[${OWN}, ${OTHER}]`, `[${OTHER},2]`],
    [`[ ${OTHER} ,${OWN} ]`, `[ ${OTHER},2 ]`],
    [`[${OWN},${OTHER} , ${OWN},${OWN}, 1.0 ,${OWN}]`, `[${OTHER}, 1.0,2]`],
  ])('replaces those of an earlier run: %s', (present, expected) => {
    const inEach = (array: string) => [`{"threat":{"enrichments":${array}}}`, `{"threat":1,"threat.enrichments":${array}}`];
    expect(inEach(present).map((text) => addEnrichments(text, [2]))).toEqual(inEach(expected));
  });
});

test('what comes very often is replaced in linear time', () => {
  const times = 50_000;
  expect(addMember(`{"a":1${',"cct":1'.repeat(times)}}`, 'cct', [2])).toBe('{"a":1,"cct":[2]}');
  const owns = Array.from({ length: times }, () => OWN);
  expect(addEnrichments(`{"threat":{"enrichments":[${owns.join(',')}]}}`, [2])).toBe('{"threat":{"enrichments":[2]}}');
});
