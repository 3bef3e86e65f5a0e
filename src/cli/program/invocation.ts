import type { FlagValues } from '../../config.ts';
import type { Session } from '../session.ts';

/** A command line as understood: the flags that were given, and what to run with them. */
export interface Invocation {
  readonly flags: FlagValues;
  /** A stop signal is the way it is meant to end, and no interruption. */
  readonly endsWithSignal?: true;
  run(session: Session): Promise<number>;
}

/** Takes what a command line comes to. */
export type OnInvocation = (invocation: Invocation) => void;
