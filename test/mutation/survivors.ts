import type { Explanation } from './verdicts.ts';

/** By file, the defects that no test catches, and why. The command fails when one of them is missing here, or is caught by now. */
export const SURVIVORS: Readonly<Record<string, readonly Explanation[]>> = {
  'src/core/distinct.ts': [
    {
      survivors: [
        [
          'for (const set of sets) if (set !== last && set.has(value)) return false;',
          'for (const set of sets) if (true && set.has(value)) return false;',
        ],
      ],
      why: 'Equal: what is in the last set is not new either way; passing over it here only spares a look.',
    },
    {
      survivors: [
        ['if (last.size >= maxSetSize) sets.push(new Set());', 'if (true) sets.push(new Set());'],
        ['if (last.size >= maxSetSize) sets.push(new Set());', 'if (false) sets.push(new Set());'],
        ['if (last.size >= maxSetSize) sets.push(new Set());', 'if (last.size > maxSetSize) sets.push(new Set());'],
        ['if (last.size >= maxSetSize) sets.push(new Set());', 'if (last.size < maxSetSize) sets.push(new Set());'],
      ],
      why: 'All sets are asked, so it does not show when a new one is begun, until one holds the 16 million that V8 allows: gigabytes.',
    },
  ],
  'src/core/moment.ts': [
    {
      survivors: [
        [
          'if (ms !== last.ms) last = { ms, text: moment.toISOString() };',
          'if (true) last = { ms, text: moment.toISOString() };',
        ],
      ],
      why: 'Equal but for the time that it takes.',
    },
    {
      survivors: [
        ["let last = { ms: NaN, text: '' };", 'let last = {};'],
        ["let last = { ms: NaN, text: '' };", 'let last = { ms: NaN, text: "Stryker was here!" };'],
      ],
      why: 'Equal: no moment is NaN or nothing, so the first text is never given.',
    },
  ],
};
