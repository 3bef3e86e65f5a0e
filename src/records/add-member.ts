import { applyEdits, modify } from 'jsonc-parser';
import { isObject } from '../core/json-text.ts';
import { toArray, withoutOwnEnrichments } from './own-enrichments.ts';

/** The JSON text of an object with a further last member; one of that name is replaced. All else stays byte for byte. */
export function addMember(object: string, name: string, value: unknown): string {
  let text = object;
  while (Object.hasOwn(parse(text), name)) text = applyEdits(text, modify(text, [name], undefined, {}));
  const end = text.lastIndexOf('}');
  const before = text.slice(0, end).trimEnd();
  const comma = before.endsWith('{') ? '' : ',';
  return `${before}${comma}${JSON.stringify(name)}:${JSON.stringify(value)}${text.slice(before.length)}`;
}

/** The JSON text of an event of ECS with these enrichments of ours in `threat.enrichments`, beside those of others. All else stays byte for byte. */
export function addEnrichments(event: string, enrichments: readonly unknown[]): string {
  const { threat } = parse(event);
  if (threat === undefined) return addMember(event, 'threat', { enrichments });
  if (!isObject(threat)) return addMember(event, 'threat.enrichments', enrichments);
  const all = [...withoutOwnEnrichments(toArray(threat['enrichments'])), ...enrichments];
  const edited = applyEdits(event, modify(event, ['threat', 'enrichments'], all, {}));
  // Of a key that comes twice, readers take the last, and the edit is in the first.
  const { threat: read } = parse(edited);
  const isRead = isObject(read) && toArray(read['enrichments']).length === all.length;
  return isRead ? edited : addMember(event, 'threat', { ...threat, enrichments: all });
}

function parse(object: string): Readonly<Record<string, unknown>> {
  return JSON.parse(object) as Readonly<Record<string, unknown>>;
}
