import type { LedgerRow } from '../../core/ledger/ledger.ts';
import { isObject, parseJson } from '../../core/json-text.ts';
import { SOURCE, toSearchUrl } from '../../core/ctim/mapper.ts';
import { toSchemeless } from '../../core/observables/observable.ts';
import { escapeJson, toVisible } from '../../core/safe-text.ts';
import { toEcsSubject } from '../../documents/ecs.ts';
import { addEnrichments, addMember } from '../../records/add-member.ts';
import type { InputRecord } from '../input/record-queue.ts';

/** The result for one observable of a record. */
export type Joined = Pick<LedgerRow, 'observable' | 'status' | 'family' | 'first_listed' | 'matched' | 'related' | 'warnings'>;

export interface JoinFormatOptions {
  readonly as: 'cct' | 'ecs';
  readonly apiUrl: string;
  /** Whether the output is a terminal: then control and invisible characters are escaped. */
  readonly isTerminal: boolean;
  /** Called for a record that already has a member `cct`, which is replaced. */
  readonly onReplaced: (record: InputRecord) => void;
}

/** Writes records, one per line. */
export interface JoinFormat {
  /** Writes a record unchanged. */
  unchanged(record: InputRecord): string;
  /** Writes a record with its results: as the last member of a JSON object, else in a new object together with the line. */
  joined(record: InputRecord, joined: readonly Joined[]): string;
}

/** Opens the format of `--join-as`. */
export function createJoinFormat({ as, apiUrl, isTerminal, onReplaced }: JoinFormatOptions): JoinFormat {
  const show = (json: string) => `${isTerminal ? escapeJson(json) : json}\n`;
  return {
    unchanged: ({ text }) => `${isTerminal ? toVisible(text) : text}\n`,
    joined(record, joined) {
      const object = toObjectText(record.text);
      if (as === 'ecs')
        return show(
          addEnrichments(
            object,
            joined.map((one) => toEnrichment(one, apiUrl)),
          ),
        );
      if (object === record.text && Object.hasOwn(JSON.parse(object) as object, 'cct')) onReplaced(record);
      return show(addMember(object, 'cct', joined.map(toMember)));
    },
  };
}

/** The text itself if it is a JSON object, else an object that contains it. */
function toObjectText(text: string): string {
  const value = /^\s*\{/.test(text) ? parseJson(text) : undefined;
  return isObject(value) ? text : JSON.stringify({ line: text.replace(/\r$/, '') });
}

function toMember({ observable, status, family = '', matched, related, warnings }: Joined) {
  return {
    observable,
    status,
    ...(family === '' ? {} : { family }),
    ...(matched && { matched }),
    ...(related && { related }),
    ...(warnings && { warnings }),
  };
}

/** An enrichment of ECS 8 (`threat.enrichments[]`). */
function toEnrichment({ observable: { type, value }, status, family, first_listed }: Joined, apiUrl: string) {
  return {
    indicator: {
      ...toEcsSubject(type === 'ip' || type === 'url' ? type : 'domain', value),
      provider: SOURCE,
      confidence: 'Low',
      description: status === 'listed' ? `Malicious${family ? `: ${family}` : ''}` : 'On a listed host or address',
      reference: toSearchUrl(apiUrl, type === 'url' ? toSchemeless(value.trim()) : value.trim()),
      ...(first_listed === undefined ? {} : { first_seen: first_listed }),
      marking: { tlp: 'CLEAR' },
    },
    matched: { atomic: value, type: 'indicator_match_rule' },
  };
}
