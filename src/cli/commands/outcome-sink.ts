import type { EnrichOptions, Outcome } from '../../core/enrich.ts';
import { confirm } from '../../core/enrich.ts';

/** Takes outcomes in order, and writes them as soon as their answers need no further look. Resolves to false when the reader is gone. */
export interface OutcomeSink {
  add(outcomes: readonly Outcome[]): Promise<boolean>;
  /** Writes the rest. */
  end(): Promise<boolean>;
}

export interface OutcomeSinkOptions extends Pick<EnrichOptions, 'tracker' | 'context'> {
  /** Resolves to false when the reader is gone. */
  readonly write: (outcomes: readonly Outcome[]) => Promise<boolean>;
  /** Whether each outcome is seen as soon as it is written. */
  readonly isStreaming: boolean;
}

// Bounds memory.
const MAX_HELD = 4_096;

/**
 * Writes at once what is seen at once. Otherwise it holds what came over the network, and all behind it, since such an
 * answer can still turn out to belong to another question; up to 4,096 outcomes.
 */
export function createOutcomeSink({ write, isStreaming, tracker, context }: OutcomeSinkOptions): OutcomeSink {
  let held: Outcome[] = [];
  const flush = async (isLast: boolean): Promise<boolean> => {
    const outcomes = held;
    held = [];
    return write(await confirm(outcomes, { tracker, context, isLast }));
  };
  return {
    async add(outcomes) {
      if (isStreaming || (held.length === 0 && !outcomes.some(isOverNetwork))) return write(outcomes);
      held.push(...outcomes);
      return held.length < MAX_HELD || flush(false);
    },
    end: () => flush(true),
  };
}

function isOverNetwork(outcome: Outcome): boolean {
  return 'answer' in outcome && outcome.answer.connection !== undefined;
}
