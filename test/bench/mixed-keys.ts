/** How many different observables the mixed load is about. */
export const KEYS = 5_000;
const KINDS = ['listed', 'unlisted', 'faulty'] as const;
export type Kind = (typeof KINDS)[number];

/** What the mixed tracker makes of an observable, by its number. */
export function kindOf(at: number): Kind {
  return KINDS[at % 10 === 0 ? 2 : at % 2] ?? 'listed';
}

/** The observable of this number. */
export function toValue(at: number): string {
  return `http://${kindOf(at)}.example/${at}`;
}

/** The lookup keys of the mixed load that the tracker lists, and those it answers with what is no JSON. */
export function toMixedTracker(): { listings: Record<string, string>; faults: Record<string, 'html'> } {
  const keys = Array.from({ length: KEYS }, (_, at) => ({ kind: kindOf(at), key: toValue(at).slice('http://'.length) }));
  const keysOf = (wanted: Kind) => keys.filter(({ kind }) => kind === wanted).map(({ key }) => key);
  return {
    listings: Object.fromEntries(keysOf('listed').map((key) => [key, 'Malicious: Pony'])),
    faults: Object.fromEntries(keysOf('faulty').map((key) => [key, 'html' as const])),
  };
}
