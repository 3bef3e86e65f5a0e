import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { parseExclusions } from '../../src/core/observables/exclusions.ts';
import { triage } from '../../src/core/observables/observable.ts';
import { testProperty } from './cases.ts';

const exclusions = parseExclusions('own.example\n::ffff:198.51.100.0/120', 'own.txt');

const privateHost = fc.oneof(
  fc.constantFrom(...'10.0.0.1 127.1 0x7f.1 192.168.1.1 198.18.0.1 [::1] [fe80::1] localhost wiki.corp nas.home'.split(' ')),
  fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 })).map(([b, c]) => `172.16.${b}.${c}`),
);
const excludedHost = fc.constantFrom('own.example', 'a.own.example', 'OWN.example.', '198.51.100.9', '[::ffff:198.51.100.9]');

// What surrounds a host in text, and what parsers disagree about; letters, digits, `-` and `_` would make another name.
const mark = fc.constantFrom(
  ...Array.from(',;!\'"`|<>^{}()[]*$&+~%: \\@'),
  ...'\\@ #@ ?@ ?a=b@ ,http:// "http:// ;https:// (.) [.]'.split(' '),
);
const before = fc.oneof(
  fc.constant(''),
  fc.tuple(fc.constantFrom('', 'panel.example', 'a'), mark).map(([name, sign]) => name + sign),
);
const after = fc.oneof(fc.constant(''), mark);
const scheme = fc.constantFrom('', 'http://', 'https:', 'http:/', 'http://x.y://');
const rest = fc.constantFrom('', '/', '/x', '/x?y@z', '?q', '#f');

describe('a host that is never sent', () => {
  for (const [title, host] of [
    ['private', privateHost],
    ['excluded', excludedHost],
  ] as const) {
    testProperty(
      `is skipped when it is ${title}, whatever surrounds it in the authority`,
      [fc.tuple(scheme, before, host, after, rest)],
      (parts) => {
        expect(triage({ type: 'url', value: parts.join('') }, { exclusions }).skip).not.toBeNull();
      },
    );
  }
});
