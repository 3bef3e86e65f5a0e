import { isObject } from '../core/json-text.ts';
import { SOURCE } from '../core/ctim/mapper.ts';
import type { Observable } from '../core/observables/observable.ts';

/** Whether an item of `threat.enrichments` is one that `cct` added. */
export function isOwnEnrichment(item: unknown): boolean {
  return isObject(item) && isObject(item['indicator']) && item['indicator']['provider'] === SOURCE;
}

/** The items from other tools. */
export function withoutOwnEnrichments(items: readonly unknown[]): unknown[] {
  return items.filter((item) => !isOwnEnrichment(item));
}

/** A field of ECS may hold one value or several. */
export function toArray(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** The observable of a document of `--format ecs`, literal; undefined for any other event. Its other texts name no observables. */
export function findOwnIndicator(event: unknown): Observable | undefined {
  if (!isObject(event) || !isObject(event['threat'])) return undefined;
  const { indicator } = event['threat'];
  if (!isObject(indicator) || indicator['provider'] !== SOURCE) return undefined;
  const { ip, url } = indicator;
  if (typeof ip === 'string') return { type: 'ip', value: ip };
  const { full, domain } = isObject(url) ? url : {};
  if (typeof full === 'string') return { type: 'url', value: full };
  return typeof domain === 'string' ? { type: 'domain', value: domain } : undefined;
}
