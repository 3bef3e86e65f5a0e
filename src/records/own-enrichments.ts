import { SOURCE } from '../core/mapper.ts';
import { isObject } from './json-values.ts';

/** Whether an item of `threat.enrichments` is one that `cct` added. */
export function isOwnEnrichment(item: unknown): boolean {
  return isObject(item) && isObject(item['indicator']) && item['indicator']['provider'] === SOURCE;
}

/** The items that others added. */
export function withoutOwnEnrichments(items: readonly unknown[]): unknown[] {
  return items.filter((item) => !isOwnEnrichment(item));
}

/** A field of ECS may hold one value or several. */
export function toArray(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}
