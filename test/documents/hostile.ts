import type { LedgerRow } from '../../src/core/ledger/ledger.ts';
import { toLedgerRow } from '../../src/core/ledger/ledger.ts';
import type { Observable } from '../../src/core/observables/observable.ts';
import { triage } from '../../src/core/observables/observable.ts';
import { ANSWERED_AT, API_URL } from '../core/samples.ts';

/** Families that other formats could take for something else. */
export const FAMILIES: readonly string[] = [
  ...[
    '',
    'Pony',
    'it\'s "quoted"',
    'a\nb\r\nc',
    "x'] OR [url:value = 'http://other.example/",
    'a|b||c',
    '<script>alert(1)</script>',
  ],
  ...['=cmd|/c calc', 'x'.repeat(10_240), '\u001B[31m\0\u0007\u009B', '\u202Ereversed', '\uD800 alone', '例え 🦠', '__proto__'],
  ...['see http://other.example/ and 203.0.113.9', '\\', "\\'", '{"type":"ip","value":"203.0.113.9"}'],
];

/** Observables whose values could end a string, a cell or a line. */
export const OBSERVABLES: readonly Observable[] = [
  { type: 'ip', value: '192.0.2.1' },
  { type: 'domain', value: 'panel.example' },
  { type: 'domain', value: 'bücher.example' },
  { type: 'domain', value: 'xn--bcher-kva.example' },
  { type: 'url', value: 'panel.example/without/scheme' },
  { type: 'url', value: 'panel.example' },
  ...[
    ...[
      "it's",
      'a"b',
      'a\\b',
      "a\\'b",
      '\\',
      "'",
      "']",
      'a|b',
      'a,b;c',
      ';=1',
      ";'=1",
      '=1',
      '?a=1&b=2#c',
      '<b>&amp;',
      '例/ü',
      '%27%5C',
    ],
    ...[
      'a[.]b',
      '(x)',
      '{"a":1}',
      'http://other.example/',
      '?u=http://other.example/',
      '#',
      '$(x)`y`',
      'a b',
      'é́',
      'x'.repeat(3000),
    ],
    ...['"', '""', '\\"', '","', "a'||'b", '🦠', '*/', '//', '/./../', '?', '@', 'a@b.example', ':8080'],
  ].map((path) => ({ type: 'url', value: `http://panel.example/${path}` })),
  { type: 'url', value: 'http://bücher.example:8080/ä' },
  { type: 'url', value: 'HTTPS://Panel.EXAMPLE/x' },
];

/** A row about a listed observable, as `observe` makes it. */
export function toRow(observable: Observable, family: string, firstListed?: string): LedgerRow {
  const { question } = triage(observable, { asksDomains: true });
  if (!question) throw new Error(`not looked up: ${observable.value}`);
  const date = firstListed === undefined ? {} : { firstListed };
  const answer = {
    ...({ status: 'listed', message: `Malicious: ${family}`, family, source: 'snapshot', answeredAt: ANSWERED_AT } as const),
    ...date,
    matched: {
      by: 'url',
      entry: question.key,
      from: 'snapshot',
      ...(firstListed === undefined ? {} : { date: firstListed }),
    } as const,
  };
  return toLedgerRow({ status: 'listed', observable, question, answer }, { mode: 'observe', apiUrl: API_URL });
}

/** Every observable with each family in turn, so that each family is used. */
export const hostileRows: readonly LedgerRow[] = OBSERVABLES.map((observable, at) =>
  toRow(observable, FAMILIES[at % FAMILIES.length] ?? '', at % 3 === 0 ? undefined : '2018-01-14'),
);
