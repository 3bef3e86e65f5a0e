import type { Selection } from './selection.ts';
import type { Tally } from './tally.ts';

/** The files of a directory: texts by name. */
export type DirectoryFiles = Readonly<Record<string, string>>;

/** What a format writes of a selection. */
export interface Written {
  /** How many values it holds. */
  readonly count: number;
  /** How many entries have the value of another one. Default 0. */
  readonly mergedCount?: number;
  /** What else it does not say, for people. */
  readonly remarks?: readonly string[];
  /**
   * A text, or the files of a directory. `header`: lines without marks of a comment, used where the format has comments. `now`: when it is
   * exported, for formats whose readers take only what is newer.
   */
  render(header: readonly string[], now: Date): string | DirectoryFiles;
}

/** A format of the list: the port of each format in this room. */
export interface ExportFormat {
  /** What its values are called: `domain`, `domains`. */
  readonly nouns: readonly [one: string, many: string];
  readonly isDirectory: boolean;
  /** It stops traffic: it defaults to recent entries and whole hosts, and an empty one is refused. */
  readonly isBlocking: boolean;
  /** Private addresses and internal names are left out: they are other machines in each network. */
  readonly isPublicOnly: boolean;
  /** Whether it holds the addresses that names resolved to: with `--resolved`, or beside their names in any case. */
  readonly resolved: 'never' | 'asked' | 'always';
  /** It has comments, and so the header. */
  readonly hasComments: boolean;
  /** `leftOut` counts the entries that it cannot say. */
  write(selection: Selection, leftOut: Tally): Written;
}
