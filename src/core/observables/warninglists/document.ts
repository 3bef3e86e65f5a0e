import * as z from 'zod/mini';
import { cut } from '../../safe-text.ts';

/** A MISP warninglist, with its entries as given. */
export interface Warninglist {
  /** At most 200 characters. */
  readonly name: string;
  /** How an entry is compared with a value. */
  readonly type: 'string' | 'substring' | 'hostname' | 'cidr' | 'regex';
  readonly entries: readonly unknown[];
  /** The kinds of observables, as `toKind` names them, that are compared; null for all. */
  readonly kinds: ReadonlySet<string> | null;
}

// The name is repeated in each marked row.
const MAX_NAME_LENGTH = 200;

// MISP reads a list without a type as `string`.
const documentSchema = z.object({
  name: z.string().check(z.minLength(1)),
  type: z._default(z.enum(['string', 'substring', 'hostname', 'cidr', 'regex']), 'string'),
  list: z.array(z.unknown()),
  matching_attributes: z.nullish(z.array(z.string())),
});

/** Describes a valid warninglist, for messages. */
export const expectedWarninglist =
  'a MISP warninglist: an object with a name, a list, and a type of string, substring, hostname, cidr or regex';

/** The warninglist in a JSON document; null for anything else. */
export function parseWarninglist(document: unknown): Warninglist | null {
  const { success, data } = documentSchema.safeParse(document);
  if (!success) return null;
  const attributes = data.matching_attributes ?? [];
  const isForAll = attributes.length === 0 || attributes.includes('ALL');
  const kinds = attributes.flatMap((attribute) => attribute.toLowerCase().split('|').map(toKind));
  return { name: cut(data.name, MAX_NAME_LENGTH), type: data.type, entries: data.list, kinds: isForAll ? null : new Set(kinds) };
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ...['ip', 'ipv4', 'ipv6', 'ip-src', 'ip-dst'].map((type) => [type, 'ip'] as const),
  ...['domain', 'hostname'].map((type) => [type, 'domain'] as const),
  ...['url', 'uri', 'link'].map((type) => [type, 'url'] as const),
]);

/** The kind of a canonical type or MISP attribute type: `ip`, `domain`, `url`, or the type itself. */
export function toKind(type: string): string {
  return KINDS.get(type) ?? type;
}
