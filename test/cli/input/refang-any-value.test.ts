import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refang } from '../../../src/cli/input/refang.ts';
import { fragments, hostiles, toGrowth, toMegabyteGrowth } from './hostile-text.ts';

describe('any value', () => {
  const defangedText = fc.array(fc.constantFrom(...fragments), { maxLength: 14 }).map((parts) => parts.join(''));

  test('is refanged once and for all', () => {
    fc.assert(
      fc.property(fc.oneof(defangedText, fc.string({ unit: 'binary' })), (value) => {
        const once = refang(value);
        expect(refang(once)).toBe(once);
      }),
      { numRuns: 20_000 },
    );
  });

  test('never makes it throw, half surrogate pairs included', () => {
    const unit = fc.oneof(fc.constantFrom(...fragments), fc.integer({ min: 0, max: 0xffff }).map(toUnit));
    fc.assert(fc.property(fc.string({ unit }), (value) => typeof refang(value) === 'string'));
  });
});

function toUnit(code: number): string {
  return String.fromCharCode(code);
}

describe('what was defanged', () => {
  const label = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,8}$/);
  const name = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => [...labels, 'example'].join('.'));
  const documentation = fc.constantFrom('192.0.2.', '198.51.100.', '203.0.113.');
  const address = fc.tuple(documentation, fc.integer({ min: 0, max: 255 })).map(([network, host]) => `${network}${host}`);
  const rest = fc.stringMatching(/^(?:\/[A-Za-z0-9_.~%!$&'*+,;=:@()-]{0,8}){0,3}(?:\?[a-z0-9=&{}.[\]/]{0,8})?$/);
  const url = fc
    .record({ scheme: fc.constantFrom('http', 'https'), host: fc.oneof(name, address), port: fc.constantFrom('', ':8080'), rest })
    .map((parts) => `${parts.scheme}://${parts.host}${parts.port}${parts.rest}`)
    // Of brackets around one mark nobody can tell whether they were there before.
    .filter((plain) => !/[[(][./:@][\])]/.test(plain));

  const dot = fc.constantFrom('[.]', '(.)', '{.}', '[dot]', '(dot)', '[ . ]', '\\.', '[.', '.]');
  const head = fc.constantFrom('hxxp://', 'hXXp://', 'hxxp[:]//', 'http[://]', 'hxxp[://]', 'h**p://');

  test('comes back from its host and scheme', () => {
    fc.assert(
      fc.property(url, dot, head, (plain, mark, start) => {
        const [, isSecure, host = '', tail = ''] = /^http(s?):\/\/([^/?:]*)(.*)$/.exec(plain) ?? [];
        const secured = isSecure ? start.replace(/p(?=\W)/i, 'ps') : start;
        expect(refang(secured + host.replaceAll('.', mark) + tail)).toBe(plain);
      }),
      { numRuns: 5000 },
    );
  });

  test('comes back where every dot of it was put in brackets', () => {
    fc.assert(
      fc.property(url, (plain) => {
        const bracketed = plain.replaceAll('.', '[.]').replace('http', 'hxxp').replace('://', '[://]');
        // Next to a real bracket the brackets of the dot cannot be told apart.
        fc.pre(!/[[(]\[\.\]|\[\.\][\])]/.test(bracketed));
        expect(refang(bracketed)).toBe(plain);
      }),
      { numRuns: 5000 },
    );
  });

  test('comes back as an address', () => {
    fc.assert(
      fc.property(address, dot, (plain, mark) => {
        expect(refang(plain.replaceAll('.', mark))).toBe(plain);
      }),
    );
  });

  test('is the same where nothing was', () => {
    fc.assert(
      fc.property(url, (plain) => {
        expect(refang(plain)).toBe(plain);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('time', () => {
  test.each(hostiles)('grows no faster than a value made of %j', (piece) => {
    expect(toGrowth(refang, piece)).toBeLessThan(10);
    expect(toGrowth((text) => refang(`hxxp://panel[.]example/${text}`), piece)).toBeLessThan(10);
  });

  test('grows no faster than a value of a megabyte', () => {
    expect(toMegabyteGrowth((text) => refang(`hxxp://panel[.]example/${text}`))).toBeLessThan(10);
  });
});
