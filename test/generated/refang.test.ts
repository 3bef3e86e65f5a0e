import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { refang } from '../../src/text/refang.ts';
import { defang } from '../../src/text/defanged.ts';
import { testProperty } from './cases.ts';
import { address, ipv6, name, url } from './observables.ts';
import { anyRun, anyText, nearlyDefanged, nested } from './texts.ts';

const anyValue = fc.oneof(nearlyDefanged, anyText, anyRun, nested);

describe('refang', () => {
  testProperty('takes any value, and changes it only once', [anyValue], (value) => {
    const once = refang(value);
    expect(refang(once)).toBe(once);
  });

  testProperty('leaves alone what was never defanged', [fc.oneof(url, name, address, ipv6)], (plain) => {
    expect(refang(plain)).toBe(plain);
  });
});

// The spellings of a dot, a scheme and a separator that the vectors and the documentation name.
const dot = fc.constantFrom(
  ...['[.]', '(.)', '{.}', '[dot]', '(dot)', '[DOT]', '{dot}', '[ . ]', '( dot )', '\\.', '\\\\.', '[.', '.]', '[.[', '].['],
);
const scheme = fc.constantFrom('hxxp', 'hXXp', 'HXXP', 'h**p', 'http');
const separator = fc.constantFrom('://', '[:]//', '(:)//', '[://]', ':[//]', ':\\/\\/', '[:// ', ':[/][/]');

/** A text with its dots in these styles, in turn. */
function hide(plain: string, marks: readonly string[]): string {
  let at = 0;
  return plain.replaceAll('.', () => marks[at++ % marks.length] ?? '.');
}

/** Scheme, host and the rest of a URL. */
function partsOf(plain: string) {
  const [, isSecure = '', host = '', tail = ''] = /^http(s?):\/\/([^/?:]*)(.*)$/.exec(plain) ?? [];
  return { isSecure: isSecure !== '', host, tail };
}

const withUser = url.map((plain) => plain.replace('://', '://user:pw@'));

describe('what was defanged comes back', () => {
  testProperty(
    'from its scheme, separator and host, in any mixture of styles',
    [url, fc.array(dot, { minLength: 1 }), scheme, separator],
    (plain, marks, word, between) => {
      const { isSecure, host, tail } = partsOf(plain);
      expect(refang(`${word}${isSecure ? 's' : ''}${between.trim()}${hide(host, marks)}${tail}`)).toBe(plain);
    },
  );

  testProperty('where every dot of it was put in brackets', [url], (plain) => {
    const bracketed = plain.replaceAll('.', '[.]').replace('http', 'hxxp').replace('://', '[://]');
    // Next to a real bracket the brackets of the dot cannot be told apart.
    fc.pre(!/[[(]\[\.\]|\[\.\][\])]/.test(bracketed));
    expect(refang(bracketed)).toBe(plain);
  });

  testProperty(
    'from meow, which stands for http, and from backslashes for slashes',
    [name, fc.constantFrom('meow://', 'http:\\\\', 'hxxp:\\\\')],
    (host, head) => {
      expect(refang(`${head}${host}`)).toBe(`http://${host}`);
    },
  );

  testProperty('as an address or a name alone', [fc.oneof(address, name), fc.array(dot, { minLength: 1 })], (plain, marks) => {
    expect(refang(hide(plain, marks))).toBe(plain);
  });

  testProperty('as an IPv6 address', [ipv6], (plain) => {
    expect(refang(plain.replaceAll(':', '[:]'))).toBe(plain);
  });

  testProperty('from the output of --defang', [fc.oneof(url, name, address, ipv6, withUser)], (plain) => {
    const shown = defang(plain);
    expect(shown).not.toMatch(/^http|^[^/?]*[^[]\.[^\]]/);
    expect(refang(shown)).toBe(plain);
  });
});
