import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { detectType } from '../../src/text/detect-type.ts';
import type { Extraction } from '../../src/text/extract.ts';
import { extractObservables, extractRepeated } from '../../src/text/extract.ts';
import { testProperty } from './cases.ts';
import { address, name } from './observables.ts';
import { anyRun, anyText, nearlyDefanged, nested } from './texts.ts';

const found = (line: string) => extractObservables(line).found.map(({ type, value }) => `${type} ${value}`);

const word = fc.stringMatching(/^[A-Za-zäöüßéçñ]{1,10}[,;:!?]?$/);
/** Parts of reports and logs that are not observables. */
const lookalike = fc.oneof(
  fc.constantFrom('e.g.', 'and/or', 'setup.exe', '3.14', '10:11:12', '999.1.1.1', '1.2.3.4.5', '01.2.3.4', 'v1.2.3.4', '-', '–'),
  fc.constantFrom('192.0.2.0/24', '00:11:22:33:44:55', 'd41d8cd98f00b204e9800998ecf8427e', 'javascript:alert(1)', 'http://'),
  fc.tuple(word, name).map(([user, host]) => `${user.replace(/[^a-z]/gi, '')}x@${host}`),
  fc.tuple(fc.constantFrom('v', 'version ', 'build: ', 'firmware '), address).map((parts) => parts.join('')),
  fc.integer({ min: 0, max: 99_999 }).map((number) => `${number}`),
);

describe('text', () => {
  testProperty('of plain words gives nothing', [fc.array(word, { minLength: 1, maxLength: 12 })], (words) => {
    expect(found(`${words.join(' ')}.`)).toEqual([]);
  });

  testProperty(
    'of words and of what only looks like an address or a URL gives nothing',
    [word, fc.array(fc.oneof(word, lookalike), { minLength: 1, maxLength: 12 })],
    (first, words) => {
      expect(found(`${first} ${words.join(' ')}.`)).toEqual([]);
    },
  );

  testProperty(
    'of any kind gives values that are what they are said to be',
    [fc.oneof(nearlyDefanged, anyText, anyRun, nested)],
    (line) => {
      const observables = extractObservables(line).found;
      expect(observables.map(({ value }) => detectType(value))).toEqual(observables.map(({ type }) => type));
    },
  );

  testProperty(
    'that repeats gives the same again',
    [fc.array(fc.oneof(nearlyDefanged, anyText, nested), { minLength: 1, maxLength: 6 })],
    (lines) => {
      const known = new Map<string, Extraction>();
      const given = [...lines, ...lines];
      expect(given.map((line) => extractRepeated(line, known))).toEqual(given.map(extractObservables));
    },
  );

  testProperty('of any kind may be asked the type of', [fc.oneof(nearlyDefanged, anyText, anyRun, nested)], (value) => {
    expect([undefined, 'ip', 'ipv6', 'url', 'domain']).toContain(detectType(value));
  });
});

// After one of these, four numbers are a version.
const beginning = word.filter(
  (text) => !/(?:version|release|revision|build|firmware|section|chapter|v|ver|oid)s?\W?$/i.test(text),
);

const path = fc.stringMatching(/^(?:\/[a-z0-9_~-]{1,6}){1,3}$/);
const host = fc.constantFrom('panel.example', '192.0.2.1', 'a.b.example:8080', '[2001:db8::1]', 'bücher.example');
const dotted = fc.constantFrom('.', '[.]', '(.)', '[dot]');
const target = fc.oneof(
  fc
    .tuple(host, path, dotted, fc.constantFrom('http://', 'hxxp://', 'hxxp[:]//'))
    .map(([at, rest, dot, head]) => ({ told: `url http://${at}${rest}`, written: `${head}${at.replaceAll('.', dot)}${rest}` })),
  fc.tuple(address, dotted).map(([plain, dot]) => ({ told: `ip ${plain}`, written: plain.replaceAll('.', dot) })),
);
const around = fc.constantFrom(
  ...([
    ['', ''],
    ['(', ').'],
    ['"', '",'],
    ["'", "';"],
    ['<', '>'],
    ['**', '**'],
    ['see ', ', and'],
    ['“', '”…'],
    ['dst=', ''],
  ] as const),
);

describe('text with observables in it', () => {
  testProperty(
    'gives all of them in their order, repeated ones too, and nothing else',
    [beginning, fc.array(fc.tuple(target, around), { minLength: 1, maxLength: 6 })],
    (first, items) => {
      const line = items.map(([{ written }, [before = '', after = '']]) => `${before}${written}${after}`).join(' ');
      expect(found(`${first} ${line}`)).toEqual(items.map(([{ told }]) => told));
    },
  );
});
