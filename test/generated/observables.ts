import fc from 'fast-check';
import { anyText } from './texts.ts';

const label = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,8}$/);

/** A name in `.example`. */
export const name = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => [...labels, 'example'].join('.'));

/** An IPv4 address of the documentation ranges. */
export const address = fc
  .tuple(fc.constantFrom('192.0.2.', '198.51.100.', '203.0.113.'), fc.integer({ min: 0, max: 255 }))
  .map(([network, host]) => `${network}${host}`);

/** An IPv6 address of the documentation range, in its short form. */
export const ipv6 = fc
  .array(fc.integer({ min: 1, max: 0xffff }), { minLength: 1, maxLength: 4 })
  .map((groups) => `2001:db8::${groups.map((group) => group.toString(16)).join(':')}`);

/** A path with a query, or ''. */
const rest = fc.stringMatching(/^(?:\/[A-Za-z0-9_.~%!$&'*+,;=:@()-]{0,8}){0,3}(?:\?[a-z0-9=&{}.[\]/]{0,8})?$/);

/** An http or https URL, without brackets around a single mark: refanging would remove them. */
export const url = fc
  .record({
    scheme: fc.constantFrom('http', 'https'),
    host: fc.oneof(name, address),
    port: fc.constantFrom('', ':8080'),
    rest,
  })
  .map((parts) => `${parts.scheme}://${parts.host}${parts.port}${parts.rest}`)
  .filter((plain) => !/[[(][./:@][\])]/.test(plain));

/** Observables of every kind and of none, some more than once in a list. */
export const observable = fc.record(
  {
    type: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('ip', 'IP', 'url', 'url', 'URL', 'domain', 'ipv6', 'sha256') },
      anyText,
    ),
    value: fc.oneof(
      address,
      url,
      name,
      ipv6,
      anyText,
      fc.ipV4(),
      fc.constantFrom('panel.example/a', 'http://panel.example/a', 'https://panel.example/a', '192.0.2.1', '10.0.0.8'),
    ),
  },
  { noNullPrototype: true },
);
