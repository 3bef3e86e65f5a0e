import type { LookupFunction } from 'node:net';
import type { RelayErrorCode } from '../../src/core/errors.ts';
import type { CertificateName } from '../helpers/certificates.ts';
import type { FakeTrackerOptions, Fault, ListFault } from '../helpers/fake-tracker.ts';

/** How the program must take a fault. */
interface Facts {
  readonly what: string;
  /** `answered`: the program must tolerate the fault. */
  readonly becomes: 'failed' | 'answered';
  /** The code and the message of what failed. */
  readonly code: RelayErrorCode;
  readonly message: RegExp;
  /** Whether the lookup ends at once, or with the attempt's timeout. */
  readonly ends: 'at once' | 'timeout';
  /** A deadline in timeouts, with two retries of which not all fit. Default none. */
  readonly deadlineTimeouts?: number;
  /** Lookups in flight. Default 10. */
  readonly concurrency?: number;
  /** Whether each key or page has the fault only the first time. Default false. */
  readonly failsOnce?: boolean;
  /** Whether the CLI writes to a file: what it prints line by line may be out before the fault shows. */
  readonly isToFile?: boolean;
  /** Milliseconds that reading its bytes, or the machine's resolver, may take besides. Default 0. */
  readonly worksMs?: number;
}

/** A fault of single answers: of some lookups, or of some pages of the list. */
export interface AnswerRow extends Facts {
  readonly at: 'answer';
  readonly fault: Fault;
  /** How a page of the list takes it, where that differs from an answer. */
  readonly onList?: 'failed' | 'answered';
}

/** A fault that only a list can have, and how an update ends with it on each of `PAGES`. */
export interface ListRow {
  readonly at: 'list';
  readonly what: string;
  readonly fault: ListFault;
  readonly updates: readonly [first: UpdateEnd, later: UpdateEnd, laterAndWhole: UpdateEnd, all: UpdateEnd];
}

/** What an update installs: the list of `index.php`, that of `all.php`, or nothing, so that the old one stays. */
export type UpdateEnd = 'index' | 'all.php' | 'old';

/** A fault of the whole server: all lookups meet it. */
export interface ServerRow extends Facts {
  readonly at: 'server';
  readonly options?: Partial<FakeTrackerOptions>;
  readonly certificate?: CertificateName;
  readonly host?: '::1';
  /** Whether the server is closed before the first request. */
  readonly isGone?: boolean;
  /** The URL to use instead of the server's. */
  readonly toUrl?: (url: URL) => string;
}

/** A fault of name resolution, which only the client takes as an argument. */
export interface ResolverRow extends Facts {
  readonly at: 'resolver';
  /** A resolver for one run. */
  readonly createLookup: () => LookupFunction;
  /** Whether only the first name has the fault. */
  readonly isOnce?: boolean;
}

export type FaultRow = AnswerRow | ServerRow | ListRow | ResolverRow;
