/** The groups of an expression, without group 0. */
export type Groups = readonly (string | undefined)[];

/** Where a piece stands. */
export interface Place {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A kind of piece in a text. */
export interface Kind {
  /** A regular expression without named groups and references to groups; case is ignored. */
  readonly source: string;
  /** Returns what replaces a piece; `groups` are those of `source`. */
  readonly decode: (piece: string, groups: Groups, place: Place) => string;
}

/** Returns a function that replaces all pieces of these kinds in one pass. Where several match, the first is chosen. */
export function createReplacer(kinds: readonly Kind[]): (text: string) => string {
  const expression = new RegExp(kinds.map(({ source }) => `(${source})`).join('|'), 'gi');
  let next = 0;
  const groupsOfKinds = kinds.map(({ source, decode }) => {
    const whole = next;
    next += 1 + countGroups(source);
    return { decode, whole, end: next };
  });
  return (text) =>
    text.replace(expression, (piece, ...args: unknown[]) => {
      const start = args[next] as number;
      const groups = args as Groups;
      for (const { decode, whole, end } of groupsOfKinds)
        if (groups[whole] !== undefined)
          return decode(piece, groups.slice(whole + 1, end), { text, start, end: start + piece.length });
      return piece;
    });
}

function countGroups(source: string): number {
  return (new RegExp(`${source}|`).exec('')?.length ?? 1) - 1;
}
