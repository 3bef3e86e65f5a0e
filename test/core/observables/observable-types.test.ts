import { describe, expect, test } from 'vitest';
import { toCanonical, triage } from '../../../src/core/observables/observable.ts';

describe('canonical form', () => {
  test('lower-cases the type and leaves the value byte for byte', () => {
    expect(toCanonical({ type: 'URL', value: ' HTTP://Panel.Example/Ä ' })).toEqual({
      type: 'url',
      value: ' HTTP://Panel.Example/Ä ',
    });
  });

  test('keeps no other field', () => {
    const given = { type: 'ip', value: '192.0.2.1', note: 'x' };
    expect(toCanonical(given)).toEqual({ type: 'ip', value: '192.0.2.1' });
  });
});

describe('what is not supported', () => {
  test('is any type but ip, url and, of a tracker that can be asked about it, domain', () => {
    const expected = { question: null, skip: 'unsupported', detail: 'only ip, url and domain are supported' };
    const types = ['ipv6', 'domains', ''];
    expect(types.map((type) => triage({ type, value: 'panel.example' }, { asksDomains: true }))).toEqual(
      types.map(() => expected),
    );
  });

  test('is any type but ip and url, with the reason', () => {
    const types = ['ipv6', 'sha256', 'urls', ' url', 'brand_new_type', ''];
    const expected = { question: null, skip: 'unsupported', detail: 'only ip and url are supported' };
    expect(types.map((type) => triage({ type, value: 'panel.example' }))).toEqual(types.map(() => expected));
    const needsList = { question: null, skip: 'unsupported', detail: 'domains need a list' };
    expect(['domain', 'hostname'].map((type) => triage({ type, value: 'panel.example' }))).toEqual([needsList, needsList]);
  });
});

describe('an ip', () => {
  test('is asked by its trimmed value', () => {
    expect(triage({ type: 'ip', value: '\u00A0192.0.2.1 ' })).toEqual({
      question: { type: 'ip', key: '192.0.2.1' },
      skip: null,
    });
  });

  test('that is private has a question and the reason not to ask it', () => {
    expect(triage({ type: 'ip', value: '10.0.0.8' })).toEqual({
      question: { type: 'ip', key: '10.0.0.8' },
      skip: 'private',
      detail: 'the address is private',
    });
  });

  test('that is no strict IPv4 address is invalid, with the reason', () => {
    const values = ['', ' ', '127.1', '2130706433', '10。0。0。8', '::ffff:10.0.0.8', '192.0.2.1:80', 'http://192.0.2.1'];
    const expected = { question: null, skip: 'invalid', detail: 'not an IPv4 address' };
    expect(values.map((value) => triage({ type: 'ip', value }))).toEqual(values.map(() => expected));
  });
});
