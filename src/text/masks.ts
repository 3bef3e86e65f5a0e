import { isIpv4 } from '../core/observables/host.ts';
import { UNSPACED } from './characters.ts';

/* Prefix lengths, netmasks and wildcard masks behind IPv4 addresses. */

const PREFIX = new RegExp(
  String.raw`^(?:\/|\[\/\])(\d|[12]\d|3[0-2])(?:(?=[${UNSPACED}])|(?![\p{L}\p{N}_/?]|[.-]+[\p{L}\p{N}]))`,
  'u',
);
const MASK =
  /^(?:(?:\/|\[\/\])|[ \t]{1,3}(?:mask |netmask )?)((?:255|254|252|248|240|224|192|128|0)\.(?:\d{1,3}\.){2}\d{1,3})(?![\w.])/;

/** The prefix length or mask behind an address: its length in the text, and whether the two name a range; undefined for none. */
export function maskBehind(address: string, rest: string): { readonly length: number; readonly isRange: boolean } | undefined {
  if (!/^[/[ \t]/.test(rest)) return undefined;
  const [prefix = '', bits] = PREFIX.exec(rest) ?? [];
  if (bits !== undefined) return { length: prefix.length, isRange: isNetwork(address, Number(bits)) };
  const [written = '', mask = ''] = MASK.exec(rest) ?? [];
  const [, ones, zeros] = isIpv4(mask) ? (/^(?:(1*)0*|(0+)1+)$/.exec(toBits(mask).join('')) ?? []) : [];
  const length = (ones ?? zeros)?.length;
  if (length !== undefined) return { length: written.length, isRange: isNetwork(address, length) };
  // A mistyped mask, such as `/255.255.225.0`, is not a path either.
  return written.startsWith('/255.') ? { length: written.length, isRange: false } : undefined;
}

/** Whether all bits of an address behind a prefix of this length are 0, so that it names a network. */
function isNetwork(address: string, bits: number): boolean {
  return (
    bits < 32 &&
    toBits(address)
      .slice(bits)
      .every((bit) => bit === '0')
  );
}

function toBits(address: string): string[] {
  return address.split('.').flatMap((octet) => Number(octet).toString(2).padStart(8, '0').split(''));
}
