import type { FakeTracker, FakeTrackerOptions, Fault } from '../../helpers/fake-tracker.ts';
import { startFakeTracker } from '../../helpers/fake-tracker.ts';
import { createDeferred } from '../../core/samples.ts';
import type { Era } from './asking.ts';
import { SUBJECTS } from './steps.ts';

const DOWN: Fault = { kind: 'status', status: 503 };

/** A real fake tracker that is told what to do by steps, and what the model shall know of that. */
export interface Site {
  readonly tracker: FakeTracker;
  /** Lookups of a key so far. */
  asked(key: string): number;
  readonly isHeld: boolean;
  fault(fault: Fault): void;
  /** Everything fails, its front page too. */
  takeDown(): void;
  recover(): void;
  hold(): void;
  /** Answers what was held, and holds no more. */
  release(): void;
  /** Lists a key, or does so no more. */
  toggle(key: string): void;
  /** What is so from now on. */
  era(): Pick<Era, 'listed' | 'isFaulty' | 'isDown' | 'isHeld'>;
}

/** Starts a tracker that lists every other subject. */
export async function openSite(): Promise<Site> {
  const tracker = await startFakeTracker();
  const listed = new Set(SUBJECTS.filter((_, at) => at % 2 === 0).map(({ key }) => key));
  let fault: Fault | undefined;
  let isDown = false;
  let held = createDeferred<undefined>();
  let isHeld = false;
  const tell = () => {
    const options: Partial<FakeTrackerOptions> = {
      listings: Object.fromEntries([...listed].map((key) => [key, 'Malicious: Pony'])),
      faultEverywhere: isDown ? DOWN : (fault ?? (isHeld ? { kind: 'held', until: held.promise } : undefined)),
      rootFault: isDown ? DOWN : undefined,
    };
    tracker.set(options);
  };
  tell();
  const change = (how: () => void) => () => {
    how();
    tell();
  };
  return {
    tracker,
    asked: (key) => tracker.requests.filter((request) => request.key === key).length,
    get isHeld() {
      return isHeld;
    },
    fault: (kind) => change(() => (fault = kind))(),
    takeDown: change(() => (isDown = true)),
    recover: change(() => {
      isDown = false;
      fault = undefined;
    }),
    hold: change(() => {
      if (!isHeld) held = createDeferred();
      isHeld = true;
    }),
    release: change(() => {
      isHeld = false;
      held.resolve(undefined);
    }),
    toggle: (key) => change(() => (listed.has(key) ? listed.delete(key) : listed.add(key)))(),
    era: () => {
      const isFaulty = isDown || fault !== undefined;
      return { listed: new Set(listed), isFaulty, isDown, isHeld: isHeld && !isFaulty };
    },
  };
}
