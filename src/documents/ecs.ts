import { isDay } from '../core/day.ts';
import { SOURCE } from '../core/ctim/mapper.ts';
import { toSafeJson } from '../core/safe-text.ts';
import type { Indicator } from './indicator.ts';
import { toIndicator } from './indicator.ts';
import { toClean } from './merged-indicator.ts';
import type { RowFormat } from './row-format.ts';

/** ECS threat indicators, one per line, written as they become known. */
export function createEcsFormat(): RowFormat {
  return {
    isStreaming: true,
    add(rows) {
      const indicators = rows.map(toIndicator).filter((indicator) => indicator !== null);
      return indicators.map((indicator) => `${toSafeJson(toEcsDocument(indicator))}\n`).join('');
    },
    end: () => [],
  };
}

/** Converts an indicator to a document of Elastic Common Schema 8, with the time of the answer. */
export function toEcsDocument({ type, value, family, firstListed, answeredAt, sourceUri }: Indicator): object {
  const name = toClean(family);
  return {
    '@timestamp': isDay(answeredAt) ? toInstant(answeredAt) : answeredAt,
    ecs: { version: '8.17.0' },
    event: { kind: 'enrichment', category: ['threat'], type: ['indicator'] },
    threat: {
      feed: { name: SOURCE },
      indicator: {
        ...toEcsSubject(type, toClean(value)),
        provider: SOURCE,
        confidence: 'Low',
        description: name === '' ? 'Malicious' : `Malicious: ${name}`,
        ...(sourceUri === undefined ? {} : { reference: sourceUri }),
        ...(isDay(firstListed) ? { first_seen: toInstant(firstListed) } : {}),
        marking: { tlp: 'CLEAR' },
      },
    },
  };
}

function toInstant(day: string): string {
  return `${day}T00:00:00.000Z`;
}

/** The type and value of an indicator as fields of `threat.indicator`. */
export function toEcsSubject(type: Indicator['type'], value: string) {
  if (type === 'ip') return { type: 'ipv4-addr', ip: value };
  return type === 'url' ? { type: 'url', url: { full: value } } : { type: 'domain-name', url: { domain: value } };
}
