import type http from 'node:http';
import type { AnswerConnection } from '../../core/lookups/tracker.ts';

/** A connection to the live site. */
export interface LiveConnection extends AnswerConnection {
  /** Whether it was opened after a surplus response: its answers count only if confirmed. */
  readonly isSuspect: boolean;
}

const LEAST_SILENCE_MS = 300;
const MOST_SILENCE_MS = 1_000;

/** Counts the requests of one connection, and decides whether its answers belong to them. */
export class Connection implements LiveConnection {
  readonly isSuspect: boolean;
  isTrusted = true;
  answers = 0;
  #requests = 0;
  #request: http.ClientRequest | undefined;
  #begunAtMs = 0;
  #slowestMs = 0;
  #silence: NodeJS.Timeout | undefined;
  /** Undefined until answers are confirmed or distrusted. */
  #isConfirmed: boolean | undefined;
  readonly #waiting: ((isConfirmed: boolean) => void)[] = [];

  constructor({ isSuspect }: Pick<LiveConnection, 'isSuspect'>) {
    this.isSuspect = isSuspect;
  }

  get isReused(): boolean {
    return this.#requests > 1;
  }

  get isIdle(): boolean {
    return this.#request === undefined && this.#requests > 0;
  }

  beginAnswer(request: http.ClientRequest): void {
    this.#request = request;
    this.#requests += 1;
    this.#begunAtMs = performance.now();
    clearTimeout(this.#silence);
    if (this.isTrusted) this.#isConfirmed = undefined;
  }

  /** Returns the answered request, and starts waiting for silence, since a displaced answer would still arrive. */
  endAnswer(): http.ClientRequest | undefined {
    const request = this.#request;
    this.#request = undefined;
    this.answers += 1;
    this.#slowestMs = Math.max(this.#slowestMs, performance.now() - this.#begunAtMs);
    const silenceMs = Math.min(MOST_SILENCE_MS, Math.max(LEAST_SILENCE_MS, 3 * this.#slowestMs));
    this.#silence = setTimeout(() => this.#settle(this.isTrusted), silenceMs);
    if (this.#waiting.length === 0) this.#silence.unref();
    return request;
  }

  distrust(): void {
    this.isTrusted = false;
    this.#settle(false);
  }

  close(): void {
    this.#request = undefined;
    this.#settle(this.isTrusted && (this.#isConfirmed ?? this.#requests <= 1));
  }

  confirmed(): Promise<boolean> {
    if (this.#isConfirmed !== undefined) return Promise.resolve(this.#isConfirmed);
    this.#silence?.ref();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #settle(isConfirmed: boolean): void {
    clearTimeout(this.#silence);
    this.#isConfirmed = isConfirmed;
    for (const resolve of this.#waiting.splice(0)) resolve(isConfirmed);
  }
}
