import { splitAttributes, splitExtension, splitHeader } from './cef-parts.ts';
import type { FieldRole } from './field-roles.ts';
import { roleOfName } from './field-roles.ts';

/** An event of CEF or LEEF. */
export interface CefEvent {
  readonly kind: 'CEF' | 'LEEF';
  readonly fields: readonly Field[];
  /** What its fields hold; before them its name, which LEEF has not, and what stands before it on the line, as syslog does. */
  readonly values: readonly { readonly role: FieldRole; readonly value: string }[];
}

type Field = readonly [key: string, value: string];

const START = /(?:^|[\s:"])(CEF:\s?\d+(?:\.\d+)?|LEEF:\s?(\d)\.\d+)(?=\|)/;
const CEF_FIELDS = 7;
const CEF_NAME = 5;
const LEEF_FIELDS = 5;

/** The event in a line, unescaped; undefined for a line without one. */
export function parseCef(line: string): CefEvent | undefined {
  const start = line.includes('EF:') ? START.exec(line) : null;
  if (!start?.[1]) return undefined;
  const from = start.index + start[0].length - start[1].length;
  const head = line.slice(0, from);
  const body = line.slice(from).replace(/\r$/, '');
  const isLeef = start[2] !== undefined;
  const parts = splitHeader(body, isLeef ? LEEF_FIELDS : CEF_FIELDS);
  if (!parts) return undefined;
  const fields = isLeef ? splitAttributes(parts.rest, start[2] === '2') : splitExtension(parts.rest);
  const texts = [head, isLeef ? '' : (parts.header[CEF_NAME] ?? '')].filter((text) => text.trim() !== '');
  const labels = new Map(fields);
  const values = [
    ...texts.map((value) => ({ role: 'text', value }) as const),
    ...fields.map(([key, value]) => ({ role: toRole(key, labels), value })),
  ];
  return { kind: isLeef ? 'LEEF' : 'CEF', fields, values };
}

const ROLES = new Map<string, FieldRole>([
  ['dhost', 'host'],
  ['dsthost', 'host'],
  ['dpt', 'port'],
  ['dstport', 'port'],
]);

/** Another field names a custom one such as `cs1`: `cs1Label=AgentVersion`. */
function toRole(key: string, labels: ReadonlyMap<string, string>): FieldRole {
  const role = ROLES.get(key.toLowerCase()) ?? roleOfName(key);
  if (role !== 'text' || !/\d$/.test(key)) return role;
  return roleOfName(labels.get(`${key}Label`) ?? '') === 'version' ? 'version' : 'text';
}
