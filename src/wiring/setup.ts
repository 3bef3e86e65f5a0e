import type { Config, Resolved } from '../config.ts';

/** What a run needs from its process, in addition to streams. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): Date;
  /** Milliseconds of a monotonic clock. */
  monotonicMs(): number;
  /** The effective user id; undefined on Windows. */
  readonly userId: number | undefined;
  /** A number from 0 to below 1. */
  random(): number;
}

/** The process and the settings, with which trackers and the relay are opened. */
export interface Setup {
  readonly io: World;
  readonly config: Config;
  readonly origins: Resolved['origins'];
  readonly givenBy: Resolved['givenBy'];
  readonly version: string;
  /** Stops reading a file: a pipe without a writer would block the program. */
  readonly signal?: AbortSignal;
}

/** Receives messages for the operator; `detail` receives those of verbose runs. */
export interface Notices {
  note(text: string): void;
  detail(text: string): void;
}
