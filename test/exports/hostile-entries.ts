import type { ListEntry } from '../../src/core/lookups/list-entry.ts';
import { toEntry } from './lists.ts';

/** A family that would be something else in most formats. */
const HOSTILE_FAMILY = `"]}; drop'\\\n\t<b>=1+1|$(id)\u202E ${'x'.repeat(10_000)}`;

/** Hosts that no format may name, with what each could inject. */
const HOSTILE_HOSTS = [
  '*.example',
  'a"b.example',
  "a'b.example",
  'a;b.example',
  'a}b.example',
  'a b.example',
  'a\nb.example',
  'a\u0000b.example',
  'a#b',
  'a/#.example',
  '-a.example',
  'a-.example',
  'a_b.example',
  '..example',
  '.',
  'a..b.example',
  `${'a'.repeat(64)}.example`,
  `${'a.'.repeat(130)}example`,
  '8.0.0.0.0.rpz-ip',
  'co.uk',
  'github.io',
  'com',
  'localhost',
  'printer.local',
  '10.0.0.8',
  '127.0.0.1',
  '0.0.0.0',
  '[2001:db8::1]',
  '[::1]',
  '$INCLUDE.example',
  '$(id).example',
  '@',
  'a,b.example',
  'ex\u202Eample.example',
  'a\uD800.example',
  '192.0.2.999',
  '1.2.3.4.5',
];

/** Entries of a list whose names, paths and families try to be something else; the last few are sound. */
export const hostileEntries: readonly ListEntry[] = [
  ...HOSTILE_HOSTS.flatMap((host) => [
    toEntry(host),
    toEntry(`${host}/gate/"'*;|<>[]{}\\^\`%zz\t?a=ä#x`, { family: HOSTILE_FAMILY }),
  ]),
  toEntry('paths.example/*/^/%2a/"quoted";{x}/a b\tc\nd/😀/\uD800', { family: HOSTILE_FAMILY }),
  toEntry('user:secret@credentials.example/x'),
  toEntry('backslash.example\\x'),
  toEntry('port.example:99999/x'),
  toEntry('port.example:8443/x', { ip: '198.51.100.7' }),
  toEntry('', { ip: '198.51.100.8' }),
  toEntry('private-address.example/x', { ip: '10.0.0.9' }),
  toEntry('bücher.example/grün', { ip: '198.51.100.9', family: HOSTILE_FAMILY }),
  toEntry('203.0.113.7:8080/gate'),
  toEntry('whole.example', { covers: 'host', date: '', family: '=cmd|calc' }),
];
