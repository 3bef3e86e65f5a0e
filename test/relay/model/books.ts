import { inTime } from './patience.ts';
import { toGet } from './requests.ts';
import { openCaller } from './wire.ts';
import type { World } from './world.ts';

/** The relay's own figures. */
export interface Books {
  readonly lookups: number;
  readonly requestsUnderWay: number;
  /** Requests told, by whether their callers got an answer. */
  readonly answered: number;
  readonly left: number;
  readonly listed: number;
  readonly unlisted: number;
  readonly failed: number;
}

/** Reads `/metrics` over a connection of its own. */
export async function readBooks({ port, watch }: World): Promise<Books> {
  const connection = await openCaller(port);
  await watch.taken(connection.localPort);
  const answer = connection.expectAnswer();
  connection.send(toGet('/metrics'));
  const text = (await inTime('the metrics', answer))?.body ?? '';
  connection.hangUp('end');
  const sum = (pattern: RegExp) => [...text.matchAll(pattern)].reduce((total, [, value]) => total + Number(value), 0);
  return {
    lookups: sum(/^cct_lookups_(?:in_flight|waiting) (\d+)$/gm),
    // Without the one that asks.
    requestsUnderWay: sum(/^cct_http_requests_in_flight (\d+)$/gm) - 1,
    answered: sum(/^cct_http_requests_total\{.*status="(?!499)\d+"\} (\d+)$/gm),
    left: sum(/^cct_http_requests_total\{.*status="499"\} (\d+)$/gm),
    listed: sum(/^cct_observables_total\{outcome="listed"\} (\d+)$/gm),
    unlisted: sum(/^cct_observables_total\{outcome="unlisted"\} (\d+)$/gm),
    failed: sum(/^cct_observables_total\{outcome="failed"\} (\d+)$/gm),
  };
}

// Each look is a request: enough of them for any machine.
const LOOKS = 500;

/** Looks until no more lookups are under way than those of the keys that somebody still waits for; rejects where some are left. */
export async function expectNoneLeft(world: World): Promise<void> {
  let left = 0;
  for (let look = 0; look < LOOKS; look += 1) {
    const wanted = new Set([...world.model.underWay].flatMap(({ keys }) => keys));
    left = (await readBooks(world)).lookups - wanted.size;
    if (left <= 0) return;
  }
  throw new Error(`${left} lookups are under way that nobody waits for`);
}
