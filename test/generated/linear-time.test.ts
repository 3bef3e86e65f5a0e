import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { detectType } from '../../src/text/detect-type.ts';
import { extractObservables } from '../../src/text/extract.ts';
import { refang } from '../../src/text/refang.ts';
import { cef } from '../../src/records/cef.ts';
import { csv } from '../../src/records/csv.ts';
import type { LineFormat } from '../../src/records/format.ts';
import { searchHtml } from '../../src/records/html.ts';
import { joinRequests } from '../../src/records/request-lines.ts';
import { jsonEvents } from '../../src/records/json-events.ts';
import { PatternError, parsePattern } from '../../src/records/stix-pattern.ts';
import { unwrap } from '../../src/records/wrapped-url.ts';
import { CctError } from '../../src/core/errors.ts';
import { parseList } from '../../src/tracker/lists/list-detect.ts';
import { testCostly } from './cases.ts';
import { MOST_GROWTH, toGrowth, toShortGrowth } from './growth.ts';
import { FRAGMENTS, HOSTILE } from './texts.ts';

const works = {
  refang,
  'refang behind a defanged host': (text: string) => refang(`hxxp://panel[.]example/${text}`),
  extraction: extractObservables,
  'requests and their hosts': (text: string) => joinRequests(text.replaceAll(' ', '\n')),
  'a page of HTML': (text: string) => searchHtml(text, silentReading),
  'a pattern of STIX': readPattern,
  'an event': (text: string) => readLines(jsonEvents, `{"a":${JSON.stringify(text)}}`),
  'a line of CEF': (text: string) => readLines(cef, `CEF:0|a|b|c|d|e|5|msg=${text}`),
  'a row of csv': (text: string) => readLines(csv, `url,note\n"${text}`),
  'a link of a gateway': (text: string) => unwrap(`https://urldefense.com/v3/__http://${text}__;${text}!!`),
  'the type of a value': detectType,
};

const silentReading = {
  name: 'x',
  at: () => undefined,
  add: () => undefined,
  passOver: () => undefined,
  note: () => undefined,
  noteOnce: () => undefined,
  extractions: new Map(),
  count: () => undefined,
};

/** Reads text with a format of lines; an error is fine too. */
function readLines(format: LineFormat, text: string): void {
  try {
    const reader = format.open(silentReading, { columns: [], fields: [] });
    reader.read(text.split('\n'), 1);
    reader.end?.();
  } catch (thrown) {
    if (!(thrown instanceof CctError)) throw thrown;
  }
}

function readPattern(text: string): void {
  try {
    parsePattern(`[url:value = '${text}'] AND ${text}`);
  } catch (thrown) {
    if (!(thrown instanceof PatternError)) throw thrown;
  }
}

const piece = fc.constantFrom(...HOSTILE, ...FRAGMENTS);

/** Ways to fill a text. */
const filling = fc.oneof(
  fc
    .tuple(fc.array(piece, { maxLength: 2 }), fc.array(piece, { minLength: 1, maxLength: 4 }), fc.array(piece, { maxLength: 2 }))
    .map(([before, unit, after]) => ({ before: before.join(''), unit: unit.join(''), after: after.join(''), close: '' })),
  fc
    .tuple(fc.constantFrom(['[', ']'], ['(', ')'], ['{', '}'], ['http://a/(', ')'], ["'http://a/{", '}']), piece)
    .map(([[unit = '', close = ''], before]) => ({ before, unit, after: '', close })),
);

const fill = ({ before, unit, after, close }: { before: string; unit: string; after: string; close: string }, length: number) => {
  const times = Math.ceil(length / (unit.length + close.length));
  return before + unit.repeat(times) + close.repeat(times) + after;
};

const table = "<table><tr class='TableHeader'><td>-::DATE</td><td>-::URL</td><td>-::IP</td><td>-::TYPE</td></tr>";
const markup = fc.constantFrom(
  ...'<title> x<title> <a> <a></b> <td> <tr><td> <table> <p> </p> < & &# <!-- <! <![CDATA[ " a=\' index.php? <br <svg> <li><ul> ,'.split(
    ' ',
  ),
  ...['<a href="', '<a href="index.php?s=', '\n#', 'a.example\n', '\t'],
);
const heads = ['Domain,Malware,Date added,Source\n', 'date\turl\tip\tfamily\n'];
const before = fc.constantFrom('', 'x', table, `${table}<tr><td>`, ...heads);

/** Reads a list; an error is fine too. */
function readList(text: string): void {
  try {
    parseList(text, 'x');
  } catch (thrown) {
    if (!(thrown instanceof CctError)) throw thrown;
  }
}

const repeatTo = (length: number, unit: string) => unit.repeat(Math.ceil(length / unit.length));
const short = { oneOf: 50, why: 'texts of 128,000 characters', isShrunk: false };

describe('the time of', () => {
  testCostly(
    'a list is linear for hostile markup, repeated',
    short,
    [before, fc.array(markup, { minLength: 1, maxLength: 2 })],
    (start, units) => {
      expect(toShortGrowth(readList, (length) => start + repeatTo(length, units.join('')))).toBeLessThan(MOST_GROWTH);
    },
  );

  for (const [title, work] of Object.entries(works)) {
    testCostly(`${title} is linear for a hostile piece, repeated`, short, [fc.constantFrom(...HOSTILE)], (unit) => {
      expect(toShortGrowth(work, (length) => repeatTo(length, unit))).toBeLessThan(MOST_GROWTH);
    });

    testCostly(
      `${title} is linear for pieces in any order, up to 10 MB in the long run`,
      { oneOf: 2500, why: 'texts of 10 MB', isShrunk: false },
      [filling],
      (how) => {
        expect(toGrowth(work, (length) => fill(how, length))).toBeLessThan(MOST_GROWTH);
      },
    );
  }
});
