import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { parseExclusions } from '../../../src/core/observables/exclusions.ts';
import { triage } from '../../../src/core/observables/observable.ts';

const own = parseExclusions(
  [
    '\uFEFF# what is ours',
    '',
    '192.0.2.7   # the mail server',
    '198.51.100.0/25',
    '2001:db8:7::/48',
    '[2001:db8::1]',
    'Panel.example',
    '*.wild.example',
    '.dotted.example\r',
    'bücher.example.',
    'deep.in.house.example',
    'intranet7',
    '4ever.example',
    'v1.2.3.example',
    '1.2.3.four.example',
    '203.0.113.9/32',
    '::ffff:203.0.113.128/121',
    '64:ff9b::203.0.113.64',
  ].join('\n'),
  'own.txt',
);

/** Why an observable is skipped, or what is asked. */
function fateOf(type: string, value: string): string {
  const { question, ...why } = triage({ type, value }, { asksDomains: true, exclusions: own });
  return question && why.skip === null ? `asked ${question.key}` : `${why.skip}: ${'detail' in why ? why.detail : ''}`;
}

describe('what is excluded', () => {
  test.each([
    ['ip', '192.0.2.7', '192.0.2.7'],
    ['ip', ' 198.51.100.127', '198.51.100.0/25'],
    ['url', 'http://198.51.100.0:8080/x', '198.51.100.0/25'],
    ['url', 'http://3325256704/', '198.51.100.0/25'],
    ['url', 'http://[2001:db8:7:1::9]/', '2001:db8:7::/48'],
    ['url', 'http://[2001:DB8::0001]/', '[2001:db8::1]'],
    ['url', 'http://[::ffff:192.0.2.7]/', '192.0.2.7'],
    ['url', 'https://PANEL.example./x', 'Panel.example'],
    ['url', 'https://a.b.panel.example/x', 'Panel.example'],
    ['url', 'https://user:secret@panel.example/x', 'Panel.example'],
    ['domain', 'www.panel.example', 'Panel.example'],
    ['domain', 'a.wild.example', '*.wild.example'],
    ['domain', 'wild.example', '*.wild.example'],
    ['domain', 'a.dotted.example', '.dotted.example'],
    ['domain', 'xn--bcher-kva.example', 'bücher.example.'],
    ['domain', 'x.deep.in.house.example', 'deep.in.house.example'],
    ['url', 'http://intranet7/x', 'intranet7'],
    ['domain', '4ever.example', '4ever.example'],
    ['domain', 'v1.2.3.example', 'v1.2.3.example'],
    ['domain', '1.2.3.four.example', '1.2.3.four.example'],
    ['ip', '203.0.113.9', '203.0.113.9/32'],
    ['ip', '203.0.113.200', '::ffff:203.0.113.128/121'],
    ['url', 'http://[::ffff:203.0.113.200]/', '::ffff:203.0.113.128/121'],
    ['url', 'http://[2002:cb00:71c8::1]/', '::ffff:203.0.113.128/121'],
    ['url', '203.0.113.64/x', '64:ff9b::203.0.113.64'],
    ['url', 'http://evil.example#@a.panel.example/', 'Panel.example'],
    ['url', 'http://evil.example?u=x@192.0.2.7:80/', '192.0.2.7'],
  ])('is the %s %s, by the line %s', (type, value, line) => {
    expect(fateOf(type, value)).toBe(`excluded: matches ${line}`);
  });

  test.each([
    ['ip', '192.0.2.8'],
    ['ip', '198.51.100.128'],
    ['ip', '203.0.113.127'],
    ['url', 'notpanel.example/x'],
    ['url', 'panel.example.evil.example/x'],
    ['url', 'evil.example/?u=http://panel.example/'],
    ['domain', 'example'],
    ['domain', 'dotted.example.org'],
    ['url', '[2001:db8:8::1]/'],
  ])('is not the %s %s', (type, value) => {
    expect(fateOf(type, value)).not.toContain('excluded');
  });
});

describe('a list of exclusions', () => {
  test('may be empty', () => {
    expect(parseExclusions('# nothing\n\n', 'own.txt').find('panel.example')).toBeUndefined();
  });

  test.each([
    '192.0.2.0/33',
    '192.0.2',
    '192.0.2.0/',
    '300.1.1.1',
    'http://panel.example/',
    'a b',
    '10.0.0.0/8/8',
    'panel.example/x',
    'a@b.example',
    '192.0.2.*',
    '192.0.2.x',
    '*',
    '*.*',
    'pan*.example',
    '*.panel.*',
    'panel.example,foo.example',
    'panel example',
    'pan\uFEFFel.example',
    '# a line that ends as on an old Mac\rpanel.example',
    'a[b::1]',
    '[2001:db8::]1',
    '192.0.2.0/+24',
    '192.0.2.0/24.0',
    '192.0.25',
    '192.10.2.x',
    '192.0.25.x',
    '192.0.2.xy',
  ])('with a line that is none of the three is refused: %s', (line) => {
    expect(() => parseExclusions(`192.0.2.1\n${line}`, 'own.txt')).toThrow(
      new CctError('input', 'own.txt:2: expected an address, a range such as 192.0.2.0/24, or a domain'),
    );
  });
});
