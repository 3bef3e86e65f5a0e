import type { LookupFunction } from 'node:net';
import type { RelayErrorCode } from '../../src/core/errors.ts';
import type { CertificateName } from '../helpers/certificates.ts';
import type { FakeTrackerOptions, Fault, ListFault } from '../helpers/fake-tracker.ts';

/** What a fault is to the program, wherever it shows. */
interface Facts {
  readonly what: string;
  /** `answered`: the fault is one that the program must bear. */
  readonly becomes: 'failed' | 'answered';
  /** The code and the message of what failed. */
  readonly code: RelayErrorCode;
  readonly message: RegExp;
  /** Whether it is known at once, or when the attempt's time is over. */
  readonly ends: 'at once' | 'timeout';
  /** Lookups in flight. Default 10. */
  readonly concurrency?: number;
  /** Whether each question or page meets the fault only the first time. Default false. */
  readonly failsOnce?: boolean;
  /** Whether the command line writes to a file: what it prints line by line may be printed before the fault can be seen. */
  readonly isToFile?: boolean;
  /** Milliseconds that reading its bytes, or the machine's resolver, may take besides. Default 0. */
  readonly worksMs?: number;
}

/** A fault of single answers: of some questions, or of some pages of the list. */
export interface AnswerRow extends Facts {
  readonly at: 'answer';
  readonly fault: Fault;
  /** What a page of the list with this fault becomes, where that is not what an answer becomes. */
  readonly onList?: 'failed' | 'answered';
}

/** A fault that only a list can have: what becomes of an update when it is on the first page, a later one, that and `all.php`, and all. */
export interface ListRow {
  readonly at: 'list';
  readonly what: string;
  readonly fault: ListFault;
  readonly updates: readonly [first: UpdateEnd, later: UpdateEnd, laterAndWhole: UpdateEnd, all: UpdateEnd];
}

/** What an update installs: the list of `index.php`, that of `all.php`, or nothing, so that the old one stays. */
export type UpdateEnd = 'index' | 'all.php' | 'old';

/** A fault of the server as a whole: every question meets it, or none. */
export interface ServerRow extends Facts {
  readonly at: 'server';
  readonly options?: Partial<FakeTrackerOptions>;
  readonly certificate?: CertificateName;
  readonly host?: '::1';
  /** The server is gone when it is asked. */
  readonly isGone?: boolean;
  /** What is asked instead of the server's URL. */
  readonly toUrl?: (url: URL) => string;
}

/** A fault of the resolver of names, which only the client can be given. */
export interface ResolverRow extends Facts {
  readonly at: 'resolver';
  /** A resolver, made for each run. */
  readonly createLookup: () => LookupFunction;
  /** Whether only the first name that is asked for meets the fault. */
  readonly isOnce?: boolean;
}

export type FaultRow = AnswerRow | ServerRow | ListRow | ResolverRow;
