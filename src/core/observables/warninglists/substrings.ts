// Long enough to reject nearly every position of a text with one comparison.
const MAX_HEAD_LENGTH = 4;

/** Creates a test for texts that contain one of the parts, none of them empty. Its time hardly grows with their number. */
export function createSubstringSearch(parts: readonly string[]): (text: string) => boolean {
  const sorted = withoutLonger(parts.toSorted());
  const headLength = sorted.reduce((shortest, { length }) => Math.min(shortest, length), MAX_HEAD_LENGTH);
  const heads = new Set(sorted.map((part) => part.slice(0, headLength)));
  return (text) => {
    for (let at = 0; at + headLength <= text.length; at += 1) {
      if (heads.has(text.slice(at, at + headLength)) && beginsWithOne(text.slice(at), sorted)) return true;
    }
    return false;
  };
}

/** Removes parts that begin with another part: a text that contains them contains that one too. */
function withoutLonger(sorted: readonly string[]): string[] {
  const kept: string[] = [];
  for (const part of sorted) {
    const last = kept.at(-1);
    if (last === undefined || !part.startsWith(last)) kept.push(part);
  }
  return kept;
}

/** If no part begins with another, only the last part that does not sort after the text can be its prefix. */
function beginsWithOne(text: string, sorted: readonly string[]): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') <= text) low = middle + 1;
    else high = middle;
  }
  const part = sorted[low - 1];
  return part !== undefined && text.startsWith(part);
}
