import { describe, expect, test } from 'vitest';
import { triage } from '../../../src/core/observables/observable.ts';

describe('a domain', () => {
  const triageDomain = (value: string) => triage({ type: 'domain', value }, { asksDomains: true });

  test('is asked by its trimmed value', () => {
    expect([' Panel.Example. ', 'bücher.example'].map(triageDomain)).toEqual([
      { question: { type: 'domain', key: 'Panel.Example.' }, skip: null },
      { question: { type: 'domain', key: 'bücher.example' }, skip: null },
    ]);
  });

  test('that is private is asked: only a list answers it, and nothing is sent', () => {
    expect(triageDomain('wiki.corp')).toEqual({ question: { type: 'domain', key: 'wiki.corp' }, skip: null });
  });

  test('is a bare name, and nothing more or else', () => {
    const values = [
      ['', ' ', '192.0.2.1', '3221225985', '2001:db8::1', '[2001:db8::1]', 'pa nel.example', 'panel[.]example'],
      ['panel.example:80', 'panel.example/', 'panel.example?x', 'user@panel.example', '@panel.example', 'http://panel.example'],
    ].flat();
    const expected = { question: null, skip: 'invalid', detail: 'not a domain name' };
    expect(values.map(triageDomain)).toEqual(values.map(() => expected));
  });
});
