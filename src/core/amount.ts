/** A whole number for people, with thousands separators: `11,665`. */
export function formatCount(count: number): string {
  // Loading a locale takes as long as reading a small input.
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A number and its noun for people: `1 lookup`, `11,665 entries`. `many` is the plural, by default `one` with an `s`. */
export function toAmount(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `3 new, 1 gone`, without counts of zero; '' if all are zero. */
export function toCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${formatCount(count)} ${name}`)
    .join(', ');
}
