import type { Explanation } from '../verdicts.ts';
import { BUT_FOR_TIME, FOR_THE_TYPES } from './reasons.ts';

/** Of the core. */
export const CORE: Readonly<Record<string, readonly Explanation[]>> = {
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
      why: BUT_FOR_TIME,
    },
    {
      survivors: [
        ["let last = { ms: NaN, text: '' };", 'let last = {};'],
        ["let last = { ms: NaN, text: '' };", 'let last = { ms: NaN, text: "Stryker was here!" };'],
      ],
      why: 'Equal: no moment is NaN or nothing, so the first text is never given.',
    },
  ],
  'src/core/exclusions.ts': [
    {
      survivors: [
        [
          "const [address = '', bits, more] = line.replace(/^\\[(.*)\\]$/, '$1').split('/');",
          "const [address = \"Stryker was here!\", bits, more] = line.replace(/^\\[(.*)\\]$/, '$1').split('/');",
        ],
      ],
      why: FOR_THE_TYPES,
    },
  ],
  'src/core/json-text.ts': [
    { survivors: [['} catch {', '} catch {}']], why: 'Equal: a function that ends without a value gives undefined.' },
  ],
  'src/core/safe-text.ts': [
    {
      survivors: [['if (!OBEYED_IN_JSON.test(json)) return json;', 'if (false) return json;']],
      why: 'Equal but for the time that it takes: where there is nothing to replace, nothing is replaced.',
    },
  ],

  'src/core/host.ts': [
    {
      survivors: [
        [
          'if (lastSplit?.text !== schemeless) lastSplit = { text: schemeless, authority: split(schemeless) };',
          'if (true) lastSplit = { text: schemeless, authority: split(schemeless) };',
        ],
        [
          'if (lastNormal?.host !== host) lastNormal = { host, normal: normalise(host) };',
          'if (true) lastNormal = { host, normal: normalise(host) };',
        ],
      ],
      why: 'Equal but for the time that it takes: what was decided last is decided again.',
    },
    {
      survivors: [
        [
          "if (!hostPort.includes(':')) return { host: hostPort, port: '', hasUserInfo, rest };",
          "if (false) return { host: hostPort, port: '', hasUserInfo, rest };",
        ],
        [
          "if (!hostPort.includes(':')) return { host: hostPort, port: '', hasUserInfo, rest };",
          'if (!hostPort.includes("")) return { host: hostPort, port: \'\', hasUserInfo, rest };',
        ],
      ],
      why: 'Equal but for the time that it takes: without a colon the lines below come to the same.',
    },
    {
      survivors: [
        ["if (normal.startsWith('[')) {", 'if (true) {'],
        ["if (normal.startsWith('[')) {", 'if (normal.startsWith("")) {'],
      ],
      why: 'Equal: only in brackets is a normalised host an IPv6 address, and cut at both ends no other one becomes one.',
    },
    {
      survivors: [
        ["const [address = '', bits] = range.split('/');", 'const [address = "Stryker was here!", bits] = range.split(\'/\');'],
      ],
      why: FOR_THE_TYPES,
    },
  ],
  'src/core/mapper.ts': [
    {
      survivors: [['if (lastTime?.startMs !== startMs) {', 'if (true) {']],
      why: BUT_FOR_TIME,
    },
  ],
  'src/core/enrich.ts': [
    {
      survivors: [['if (slot === slots[head]) wake();', 'if (true) wake();']],
      why: 'Equal but for the time that it takes: woken for nothing, it looks and waits again.',
    },
    {
      survivors: [
        ['if (head * 2 < slots.length) return ready;', 'if (false) return ready;'],
        ['if (head * 2 < slots.length) return ready;', 'if (head * 2 <= slots.length) return ready;'],
      ],
      why: 'Equal but for the time that it takes: it decides how often the list is cut, not what is in it.',
    },
    {
      survivors: [
        [
          'return waiting < aheadLimit && (waiting < YIELDED_AT_ONCE || !slots[head]?.outcome);',
          'return waiting < aheadLimit && (waiting < YIELDED_AT_ONCE || !slots[head].outcome);',
        ],
        ['return planned.done === true ? undefined : planned.value;', 'return false ? undefined : planned.value;'],
      ],
      why: 'Only the type checker needs it: where so many wait there is a first one, and an iterator of plans ends without a value.',
    },
    {
      survivors: [["state = 'fetching';", 'state = "";']],
      why: 'Equal: it is neither of the two states that are asked for, and the type checker keeps it to the three.',
    },
  ],
  'src/core/envelope.ts': [
    {
      survivors: [
        [
          'else if (verdicts.length <= DOCS_AT_ONCE) yield `${toSafeJson(toAnswer(envelope), 2)}\\n`;',
          'else if (verdicts.length < DOCS_AT_ONCE) yield `${toSafeJson(toAnswer(envelope), 2)}\\n`;',
        ],
      ],
      why: 'Equal: both ways write the same text, which the tests hold for 100 documents and for 101.',
    },
  ],
};
