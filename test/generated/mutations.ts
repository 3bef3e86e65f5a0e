import fc from 'fast-check';

type Change = (text: string) => string;

/** A place in a text of any length, as a share of it. Generated floats would nearly all be close to 0. */
export const place = fc.nat(10_000).map((share) => share / 10_000);
const length = fc.integer({ min: 1, max: 12 });
const toIndex = (text: string, at: number) => Math.floor(at * text.length);

/** Cuts a text, or removes, repeats, inserts or replaces pieces. */
function toChange(pieces: fc.Arbitrary<string>): fc.Arbitrary<Change> {
  const splice = (at: number, lost: number, put: string) => (text: string) =>
    text.slice(0, toIndex(text, at)) + put + text.slice(toIndex(text, at) + lost);
  return fc.oneof(
    fc.tuple(place, length, pieces).map(([at, lost, put]) => splice(at, lost, put)),
    fc.tuple(place, pieces).map(([at, put]) => splice(at, 0, put)),
    fc.tuple(place, length).map(([at, lost]) => splice(at, lost, '')),
    place.map((at) => (text: string) => text.slice(0, toIndex(text, at))),
    fc.tuple(place, place, place).map(([from, to, at]) => (text: string) => {
      const taken = text.slice(toIndex(text, from), toIndex(text, from) + Math.floor(to * 80));
      return splice(at, 0, taken)(text);
    }),
  );
}

/** A text of `sound` after one to four changes, with `pieces` inserted. It may be unchanged. */
export function mutated(sound: fc.Arbitrary<string>, pieces: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(sound, fc.array(toChange(pieces), { minLength: 1, maxLength: 4 }))
    .map(([text, changes]) => changes.reduce((changed, change) => change(changed), text));
}

const bytes = fc.uint8Array({ minLength: 1, maxLength: 4 }).map((some) => Buffer.from(some).toString('latin1'));

/** The same of bytes. */
export function mutatedBytes(sound: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  const asText = sound.map((some) => some.toString('latin1'));
  return mutated(asText, bytes).map((text) => Buffer.from(text, 'latin1'));
}
