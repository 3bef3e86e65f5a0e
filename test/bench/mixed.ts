import { setTimeout as delay } from 'node:timers/promises';
import type { ToldAnswer } from '../helpers/relay-answers.ts';
import { createRandom } from '../helpers/random.ts';
import { readToldAnswer } from '../helpers/relay-answers.ts';

/** The number of observables of the mixed load. */
export const KEYS = 5_000;
const KINDS = ['listed', 'unlisted', 'faulty'] as const;
type Kind = (typeof KINDS)[number];

/** How the mixed tracker answers for an observable, by its number. */
function kindOf(at: number): Kind {
  return KINDS[at % 10 === 0 ? 2 : at % 2] ?? 'listed';
}

/** The observable of this number. */
function toValue(at: number): string {
  return `http://${kindOf(at)}.example/${at}`;
}

/** The settings of the mixed tracker: what it lists, and what it answers with HTML. */
export function toMixedTracker(): { listings: Record<string, string>; faults: Record<string, 'html'> } {
  const keys = Array.from({ length: KEYS }, (_, at) => ({ kind: kindOf(at), key: toValue(at).slice('http://'.length) }));
  const keysOf = (wanted: Kind) => keys.filter(({ kind }) => kind === wanted).map(({ key }) => key);
  return {
    listings: Object.fromEntries(keysOf('listed').map((key) => [key, 'Malicious: Pony'])),
    faults: Object.fromEntries(keysOf('faulty').map((key) => [key, 'html' as const])),
  };
}

/** The endpoint of the mixed load. */
export const MIXED_PATH = '/deliberate/observables';

/** Whole numbers below a bound, the same for the same seed. */
export function createDice(seed: number): (below: number) => number {
  const random = createRandom(seed);
  return (below) => Math.floor(random() * below);
}

/** The body of a request, from the numbers of its observables. */
export function toMixedBody(keys: readonly number[]): string {
  return JSON.stringify(keys.map((at) => ({ type: 'url', value: toValue(at) })));
}

/** Sends such a request and reads the answer. Rejects without one. */
export async function askMixed(relayUrl: string, keys: readonly number[], signal?: AbortSignal): Promise<string> {
  const response = await fetch(relayUrl + MIXED_PATH, { method: 'POST', body: toMixedBody(keys), signal: signal ?? null });
  return response.text();
}

/** Sends a request and hangs up 1 ms later. */
export async function hangUp(relayUrl: string, keys: readonly number[]): Promise<void> {
  const controller = new AbortController();
  const answer = askMixed(relayUrl, keys, controller.signal).catch(() => undefined);
  await delay(1);
  controller.abort();
  await answer;
}

/**
 * What is wrong with an answer, whatever failed at the tracker: documents for what is unlisted or was not in the request, and lookups
 * without an answer that no error names. Empty where it is right.
 */
export function wrongsOf(keys: readonly number[], told: ToldAnswer): string[] {
  const distinct = [...new Set(keys)];
  const values = distinct.map(toValue);
  const rightly = distinct.filter((at) => kindOf(at) === 'listed').map(toValue);
  const expected = rightly.filter((value) => told.listed.includes(value));
  const failedCount = told.failed.size + told.failedUnnamed;
  const mustFail = distinct.filter(
    (at) => kindOf(at) === 'faulty' || (kindOf(at) === 'listed' && !told.listed.includes(toValue(at))),
  );
  const unnamed = mustFail.map(toValue).filter((value) => !told.failed.has(value)).length;
  return [
    ...told.problems,
    ...(told.listed.join(' ') === expected.join(' ')
      ? []
      : [`documents of ${told.listed.join(' ')} instead of ${expected.join(' ')}`]),
    ...(unnamed <= told.failedUnnamed ? [] : [`${unnamed - told.failedUnnamed} are silently clean`]),
    ...(told.listed.length + failedCount <= distinct.length ? [] : ['more is said than was asked']),
    ...[...told.failed]
      .filter((value) => !values.includes(value) || told.listed.includes(value))
      .map((value) => `an error about ${value}`),
  ];
}

/** Whether an answer is right and complete: only the faulty observables have an error. */
export function isWhole(keys: readonly number[], text: string): boolean {
  const told = readToldAnswer(text);
  const distinct = [...new Set(keys)];
  const countOf = (kind: string) => distinct.filter((at) => kindOf(at) === kind).length;
  const isCounted = told.listed.length === countOf('listed') && told.failed.size + told.failedUnnamed === countOf('faulty');
  return isCounted && wrongsOf(keys, told).length === 0 && told.errorCodes.every((code) => code === 'key error');
}

/** The resident memory of a relay with `--metrics`, in bytes. */
export async function readMemory(relayUrl: string): Promise<number> {
  const figures = await (await fetch(`${relayUrl}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(figures)?.[1]);
}

/** Bytes for a table. */
export function toMib(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
}
