import type { Explanation } from '../verdicts.ts';
import { BUT_FOR_TIME, FOR_THE_TYPES } from './reasons.ts';

/** Of the rest of the tracker that reads and judges. */
export const TRACKER: Readonly<Record<string, readonly Explanation[]>> = {
  'src/tracker/cache/stored-answer.ts': [
    {
      survivors: [
        [
          "answer.status === 'listed' ? { message: answer.message, family: answer.family, first_listed: answer.firstListed } : {};",
          'true ? { message: answer.message, family: answer.family, first_listed: answer.firstListed } : {};',
        ],
      ],
      why: 'Equal: an answer that is not listed has none of these, and JSON leaves out what is undefined.',
    },
  ],
  'src/tracker/live/failures.ts': [
    {
      survivors: [["const code = systemCodeOf(thrown) ?? '';", 'const code = systemCodeOf(thrown) ?? "Stryker was here!";']],
      why: 'Equal: the text is no code.',
    },
    {
      survivors: [
        [
          "const said = thrown instanceof Error ? thrown.message.replace(/^.*reason: /s, '') : String(thrown);",
          "const said = thrown instanceof Error ? thrown.message.replace(/.*reason: /s, '') : String(thrown);",
        ],
      ],
      why: BUT_FOR_TIME,
    },
    {
      survivors: [
        [
          'const atMs = Date.parse(date[1] === undefined ? `${date[0]} GMT` : date[0]);',
          'const atMs = Date.parse(true ? `${date[0]} GMT` : date[0]);',
        ],
      ],
      why: 'Equal: a date that says GMT twice is the same.',
    },
  ],
  'src/tracker/fallback.ts': [
    {
      survivors: [
        [
          "if (!reserve || answer?.status !== 'listed') throw failure;",
          "if (!reserve || answer.status !== 'listed') throw failure;",
        ],
      ],
      why: 'Equal: with a reserve there is an answer.',
    },
    {
      survivors: [
        [
          'return { signal: new AbortController().signal, isOver: () => false };',
          'return { signal: new AbortController().signal, isOver: () => undefined };',
        ],
      ],
      why: 'Equal: nothing is as little over as false.',
    },
  ],
  'src/tracker/once.ts': [
    {
      survivors: [['if (first !== undefined) known.delete(first);', 'if (true) known.delete(first);']],
      why: 'Only the type checker needs it: where there are too many there is a first.',
    },
    {
      survivors: [['(failure: unknown) => keep({ failure }),', '() => undefined,']],
      why: 'Equal but for memory: the promise that rejected is given again.',
    },
  ],
  'src/tracker/cache/remembering.ts': [
    { survivors: [['} catch {', '} catch {}']], why: 'Equal: a function that ends without a value gives undefined.' },
    {
      survivors: [['if (kept instanceof Promise) kept.catch(() => undefined);', 'if (true) kept.catch(() => undefined);']],
      why: 'Equal: what is thrown here is caught below, as what a store throws is.',
    },
  ],
  'src/tracker/fair-turns.ts': [
    {
      survivors: [
        [
          'return { toBegin: createQueue(), toGoOn: createQueue(), begun: 0, isHeld: false };',
          'return { toBegin: createQueue(), toGoOn: createQueue(), begun: 0, isHeld: true };',
        ],
      ],
      why: 'Equal: it is asked for where something has begun in its turn, and each turn sets it.',
    },
  ],
  'src/tracker/live/challenge.ts': [
    {
      survivors: [
        ['return token !== null && TOKEN.test(token) ? token : null;', 'return true && TOKEN.test(token) ? token : null;'],
        [
          "const [, name = '', value = ''] = /^\\s*([^=;\\s]+)=([^;]*)/.exec(setCookie) ?? [];",
          'const [, name = \'\', value = "Stryker was here!"] = /^\\s*([^=;\\s]+)=([^;]*)/.exec(setCookie) ?? [];',
        ],
        [
          "const [, name = '', value = ''] = /^\\s*([^=;\\s]+)=([^;]*)/.exec(setCookie) ?? [];",
          "const [, name = '', value = ''] = /^\\s*([^=;\\s]+)=([^;]*)/.exec(setCookie) ?? [\"Stryker was here\"];",
        ],
      ],
      why: FOR_THE_TYPES,
    },
  ],
};
