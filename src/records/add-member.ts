import type { Node } from 'jsonc-parser';
import { parseTree } from 'jsonc-parser';
import { isOwnEnrichment } from './own-enrichments.ts';

/** Appends a member to the JSON text of an object, replacing one of that name. The rest stays byte for byte. */
export function addMember(object: string, name: string, value: unknown): string {
  // Parsing to a tree costs far more than JSON.parse.
  const hasMember = Object.hasOwn(JSON.parse(object) as object, name);
  const text = hasMember ? removeChildren(object, (member) => nameOf(member) === name) : object;
  const end = text.lastIndexOf('}');
  const before = text.slice(0, end).trimEnd();
  const comma = before.endsWith('{') ? '' : ',';
  return `${before}${comma}${JSON.stringify(name)}:${JSON.stringify(value)}${text.slice(before.length)}`;
}

/**
 * The JSON text of an event of ECS with these enrichments of ours in `threat.enrichments`, nested or dotted, beside those of others. All else
 * stays byte for byte.
 */
export function addEnrichments(event: string, enrichments: readonly unknown[]): string {
  const root = parseTree(event);
  const threat = findMember(root, 'threat');
  const present = findMember(threat, 'enrichments') ?? findMember(root, 'threat.enrichments');
  if (present) return replace(event, present, (text) => addItems(text, enrichments));
  if (threat?.type === 'object') return replace(event, threat, (text) => addMember(text, 'enrichments', enrichments));
  return threat ? addMember(event, 'threat.enrichments', enrichments) : addMember(event, 'threat', { enrichments });
}

/** The text of an array with further last items instead of those of ours. A single value becomes an array. */
function addItems(value: string, items: readonly unknown[]): string {
  const array = value.startsWith('[') ? value : `[${value}]`;
  const text = removeChildren(array, (_item, itemText) => isOwnEnrichment(JSON.parse(itemText)));
  const last = parseTree(text)?.children?.at(-1);
  const end = last ? endOf(last) : 1;
  const added = items.map((item) => JSON.stringify(item)).join(',');
  return `${text.slice(0, end)}${last ? ',' : ''}${added}${text.slice(end)}`;
}

/** The text of an object or array without some of its members or items, each with the comma before it. */
function removeChildren(text: string, isRemoved: (child: Node, text: string) => boolean): string {
  const children = parseTree(text)?.children ?? [];
  let kept = text.slice(0, children[0]?.offset ?? text.length);
  let hasKept = false;
  let end = kept.length;
  for (const child of children) {
    if (!isRemoved(child, text.slice(child.offset, endOf(child)))) {
      kept += text.slice(hasKept ? end : child.offset, endOf(child));
      hasKept = true;
    }
    end = endOf(child);
  }
  return kept + text.slice(end);
}

/** The value of a member; of several with this name the last, as readers of JSON take it. */
function findMember(object: Node | undefined, name: string): Node | undefined {
  if (object?.type !== 'object') return undefined;
  return object.children?.findLast((member) => nameOf(member) === name)?.children?.[1];
}

function nameOf(member: Node): unknown {
  return member.children?.[0]?.value;
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

function replace(text: string, node: Node, change: (text: string) => string): string {
  return text.slice(0, node.offset) + change(text.slice(node.offset, endOf(node))) + text.slice(endOf(node));
}
