import { parse as parseUuid, v5 as uuidV5 } from 'uuid';
import { toDay } from '../core/day.ts';
import { SOURCE } from '../core/ctim/mapper.ts';
import { toSafeJson } from '../core/safe-text.ts';
import type { MergedIndicator } from './merged-indicator.ts';
import { describeListing } from './merged-indicator.ts';
import type { RowFormat } from './row-format.ts';
import { createIndicatorFormat } from './row-format.ts';

/** An event as in the API and feeds of MISP 2.5. */
export interface MispEvent {
  readonly uuid: string;
  readonly info: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly threat_level_id: string;
  readonly analysis: string;
  /** Seconds since 1970. */
  readonly timestamp: string;
  readonly published: boolean;
  readonly Orgc: { readonly uuid: string; readonly name: string };
  readonly Tag: readonly { readonly name: string; readonly colour: string }[];
  readonly Attribute: readonly MispAttribute[];
}

export interface MispAttribute {
  readonly uuid: string;
  readonly type: 'ip-dst' | 'domain' | 'url';
  readonly category: 'Network activity';
  readonly value: string;
  readonly to_ids: true;
  readonly comment: string;
  /** Seconds since 1970. */
  readonly timestamp: string;
  readonly first_seen?: string;
}

export interface MispOptions {
  /** The title of the event. */
  readonly info: string;
  readonly now: Date;
  /** Must be constant: an import updates the event with this UUID. Default: the UUID for answers. */
  readonly uuid?: string;
}

// Random UUIDs. They must never change, or repeated imports would make duplicates.
const ANSWERS_EVENT = 'e529e0ef-8eb9-4696-b584-3f1314f46306';
const ORGANISATION = '836354ef-b6d0-4fc2-909d-a9b562e0c503';
const utf8 = new TextEncoder();
const TYPES = { ip: 'ip-dst', domain: 'domain', url: 'url' } as const;
const MEDIUM = '2';
const COMPLETED = '2';

/** One MISP event of everything listed, written at the end. */
export function createMispFormat({ now }: { readonly now: Date }): RowFormat {
  const info = `C2 panels listed by ${SOURCE}`;
  return createIndicatorFormat((indicators) => writeMispEvent(toMispEvent(indicators, { info, now })));
}

/**
 * Creates an event with an attribute for each value. UUIDs depend only on event, type and value, so that a second import updates. The date is
 * that of the newest attribute; without attributes, the day of `now`.
 */
export function toMispEvent(indicators: readonly MergedIndicator[], { info, now, uuid = ANSWERS_EVENT }: MispOptions): MispEvent {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  return {
    uuid,
    info,
    date: indicators.reduce((newest, { day }) => (day > newest ? day : newest), '') || toDay(now.getTime()),
    threat_level_id: MEDIUM,
    analysis: COMPLETED,
    timestamp,
    published: false,
    Orgc: { uuid: ORGANISATION, name: SOURCE },
    Tag: [{ name: 'tlp:clear', colour: '#ffffff' }],
    Attribute: indicators.map((each) => toAttribute(each, { uuid, timestamp })),
  };
}

/** The UUID of an attribute must be unique across all events in MISP. */
function toAttribute(merged: MergedIndicator, { uuid, timestamp }: Pick<MispEvent, 'uuid' | 'timestamp'>): MispAttribute {
  const { type, value, firstListed } = merged;
  return {
    uuid: uuidV5(utf8.encode(JSON.stringify([TYPES[type], value])), parseUuid(uuid)),
    type: TYPES[type],
    category: 'Network activity',
    value,
    to_ids: true,
    comment: describeListing(merged),
    timestamp,
    ...(firstListed === '' ? {} : { first_seen: `${firstListed}T00:00:00.000000+00:00` }),
  };
}

/** Writes `{"Event": …}`, one attribute per line. */
export function* writeMispEvent({ Attribute: attributes, ...event }: MispEvent): Generator<string> {
  yield `{"Event":${toSafeJson(event).slice(0, -1)},"Attribute":[`;
  let separator = '\n';
  for (const attribute of attributes) {
    yield separator + toSafeJson(attribute);
    separator = ',\n';
  }
  yield attributes.length === 0 ? ']}}\n' : '\n]}}\n';
}
