import fc from 'fast-check';
import { expect } from 'vitest';
import { isObject } from '../../src/core/json-text.ts';
import { addEnrichments, addMember } from '../../src/records/add-member.ts';
import { testProperty } from './cases.ts';

const OWN = '{"indicator":{"provider":"CyberCrime Tracker"}}';
const own: unknown = JSON.parse(OWN);
// What a parser would change, and what looks like the end of something.
const plain = fc.constantFrom('12345678901234567890', '1.0', '-0', '1e400', 'null', '"\\u00e9\\/"', '"},]\\"{["', '""');
const name = fc.constantFrom('"a"', '"thr\\u0065at"', '"threat"', '"enrichments"', '"threat.enrichments"', '"ccT"');
const blank = fc.constantFrom('', ' ', '\t', ' \r ');

/** JSON values of any depth, as they are written. */
const { object } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, plain, tie('object'), tie('array')),
  object: listOf(fc.tuple(name, blank, tie('value')).map(([key, gap, value]) => `${key}${gap}:${gap}${value}`)).map(
    (members) => `{${members}}`,
  ),
  array: listOf(tie('value')).map((items) => `[${items}]`),
}));

function listOf(item: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const padded = fc.tuple(blank, item, blank).map((parts) => parts.join(''));
  return fc.oneof(
    fc.array(padded, { minLength: 1, maxLength: 4 }).map((items) => items.join(',')),
    blank,
  );
}

testProperty('a joined member is the only change of a record', [object], (text) => {
  const joined = addMember(text, 'cct', own);
  expect([joined.replace(`,"cct":${OWN}`, ''), joined.replace(`"cct":${OWN}`, '')]).toContain(text);
  expect(addMember(joined, 'cct', own)).toBe(joined);
});

testProperty(
  'joined enrichments are the only change of an event, the last where readers look, and come once',
  [object],
  (text) => {
    const joined = addEnrichments(text, [own]);
    const inserted = [OWN, `"enrichments":[${OWN}]`, `"threat.enrichments":[${OWN}]`, `"threat":{"enrichments":[${OWN}]}`];
    const without = inserted.flatMap((added) => [joined.replace(added, ''), joined.replace(`,${added}`, '')]);
    expect([...without, ...withoutBrackets(joined)]).toContain(text);
    const { threat, 'threat.enrichments': dotted } = JSON.parse(joined) as Readonly<Record<string, unknown>>;
    const nested = isObject(threat) ? threat['enrichments'] : undefined;
    expect(((nested ?? dotted) as readonly unknown[]).at(-1)).toEqual(own);
    expect(addEnrichments(joined, [own])).toBe(joined);
  },
);

/** What there was if a single value was made an array. */
function withoutBrackets(joined: string): string[] {
  const text = joined.replace(`,${OWN}]`, '');
  return [...text.matchAll(/\[/g)].map(({ index }) => text.slice(0, index) + text.slice(index + 1));
}
