/** Something that happened on the way to an answer, told to people with `-v` or `--debug`. Times are milliseconds. */
export interface TraceEvent {
  readonly kind: 'proxy' | 'connection' | 'reply' | 'challenge' | 'retry';
  readonly text: string;
  readonly tookMs?: number;
}

/** Receives trace events as they happen. */
export type Trace = (event: TraceEvent) => void;
