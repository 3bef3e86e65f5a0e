import type { SupportedType } from '../core/observables/observable.ts';

const NAMES: readonly (readonly [SupportedType, readonly string[]])[] = [
  ['ip', ['ip', 'ipv4', 'ipv4-addr', 'ip address', 'ip-addr', 'ipv4 address', 'ip-dst', 'ip-src']],
  ['url', ['url', 'uri', 'link', 'url/uri']],
  ['domain', ['domain', 'domain-name', 'internet domain name', 'hostname', 'fqdn', 'fully qualified domain name', 'host']],
];

const typeByName = new Map(NAMES.flatMap(([type, names]) => names.map((name) => [toPlainName(name), type] as const)));

/** A column, field or type name without case, blanks, `_`, `-` and dots, for comparison. */
export function toPlainName(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]/g, '');
}

/** The type that a name of the trade stands for (`ipv4-addr`, `Host Name`, `uri`); undefined for any other name. */
export function toObservableType(name: string): SupportedType | undefined {
  return typeByName.get(toPlainName(name));
}
