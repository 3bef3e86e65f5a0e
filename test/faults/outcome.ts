/** An error as answers and rows carry it. */
export interface SeenError {
  readonly type: string;
  readonly code: string;
  readonly message: string;
}

/** What was said of one observable. */
export interface SeenRow {
  readonly value: string;
  readonly status: string;
  readonly source?: string | undefined;
  readonly family?: string | undefined;
  readonly error?: SeenError | undefined;
}

interface Seen {
  readonly tookMs: number;
  /** The most memory that the process held, where it was one. */
  readonly peakBytes?: number | undefined;
}

/** What came of a cell: rows, where there is one for each observable; a relay's answer, where there is none; or an update. */
export type Outcome =
  | (Seen & { readonly kind: 'rows'; readonly status: number | null; readonly rows: readonly SeenRow[] })
  | (Seen & {
      readonly kind: 'answer';
      readonly status: number;
      readonly invalid: readonly string[];
      readonly listed: readonly SeenRow[];
      readonly errors: readonly SeenError[];
    })
  | (Seen & {
      readonly kind: 'update';
      readonly status: number | null;
      readonly stderr: string;
      readonly isOldKept: boolean;
      readonly urls: readonly string[];
    });
