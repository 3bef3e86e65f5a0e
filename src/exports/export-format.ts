import type { Selection } from './selection.ts';
import type { Tally } from './tally.ts';

/** The files of a directory: content by name. */
export type DirectoryFiles = Readonly<Record<string, string>>;

/** A selection in an export format. */
export interface Written {
  /** The number of values. */
  readonly count: number;
  /** The number of entries with the same value as another one. Default 0. */
  readonly mergedCount?: number;
  /** What else the format cannot express, for people. */
  readonly remarks?: readonly string[];
  /**
   * Returns a text, or the files of a directory. `header`: lines without comment marks, for formats with comments. `now`: the time of the
   * export, for formats whose readers accept only newer versions.
   */
  render(header: readonly string[], now: Date): string | DirectoryFiles;
}

/** A format of the list: the port of each format in this room. */
export interface ExportFormat {
  /** What its values are called: `domain`, `domains`. */
  readonly nouns: readonly [one: string, many: string];
  readonly isDirectory: boolean;
  /** Whether it blocks traffic. If so, it defaults to recent entries and whole hosts, and must not be empty. */
  readonly isBlocking: boolean;
  /** Whether private addresses and internal names are left out: they mean other machines in each network. */
  readonly isPublicOnly: boolean;
  /** When it contains the addresses that names resolved to: `asked` with `--resolved`, `always` next to their names. */
  readonly resolved: 'never' | 'asked' | 'always';
  /** Whether it has comments, and therefore a header. */
  readonly hasComments: boolean;
  /** `leftOut` counts the entries that the format cannot express. */
  write(selection: Selection, leftOut: Tally): Written;
}
