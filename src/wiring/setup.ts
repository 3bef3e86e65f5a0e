import type { Config, Resolved } from '../config.ts';

/** What a run needs of its process, besides its streams. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): Date;
  /** Milliseconds of a clock that only runs forward. */
  monotonicMs(): number;
  /** The effective user id; undefined on Windows. */
  readonly userId: number | undefined;
  /** A number from 0 up to 1. */
  random(): number;
}

/** What trackers and the relay are opened with: the world, and the settings. */
export interface Setup {
  readonly io: World;
  readonly config: Config;
  readonly origins: Resolved['origins'];
  readonly givenBy: Resolved['givenBy'];
  readonly version: string;
  /** Ends the reading of a file: a pipe without a writer would hold the program. */
  readonly signal?: AbortSignal;
}

/** Receives lines for the operator; `detail` those of verbose runs. */
export interface Notices {
  note(text: string): void;
  detail(text: string): void;
}
