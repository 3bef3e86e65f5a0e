import { applyEdits, modify } from 'jsonc-parser';

/** The JSON text of an object with a further last member; one of that name is replaced. All else stays byte for byte. */
export function addMember(object: string, name: string, value: unknown): string {
  let text = object;
  while (Object.hasOwn(parse(text), name)) text = applyEdits(text, modify(text, [name], undefined, {}));
  const end = text.lastIndexOf('}');
  const before = text.slice(0, end).trimEnd();
  const comma = before.endsWith('{') ? '' : ',';
  return `${before}${comma}${JSON.stringify(name)}:${JSON.stringify(value)}${text.slice(before.length)}`;
}

/** The JSON text of an event of ECS with further enrichments in `threat.enrichments`. All else stays byte for byte. */
export function addEnrichments(event: string, enrichments: readonly unknown[]): string {
  const { threat } = parse(event);
  if (threat === undefined) return addMember(event, 'threat', { enrichments });
  if (typeof threat !== 'object' || threat === null) return addMember(event, 'threat.enrichments', enrichments);
  const known = 'enrichments' in threat && Array.isArray(threat.enrichments) ? (threat.enrichments as unknown[]) : [];
  return applyEdits(event, modify(event, ['threat', 'enrichments'], [...known, ...enrichments], {}));
}

function parse(object: string): Readonly<Record<string, unknown>> {
  return JSON.parse(object) as Readonly<Record<string, unknown>>;
}
