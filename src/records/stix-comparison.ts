import { isIpv4, isIpv6 } from '../core/observables/host.ts';
import type { SupportedType } from '../core/observables/observable.ts';
import { detectType } from '../text/detect-type.ts';
import type { PassedOverReason } from '../text/passed-over.ts';
import type { Reading } from './format.ts';
import { addAddress } from './ip-value.ts';
import type { Comparison } from './stix-pattern.ts';
import { toObservableType } from './type-names.ts';

/** Adds the value of a STIX object of this type, literal; false for other types. */
export function addStixValue(objectType: string, value: string, reading: Reading): boolean {
  const type = toValueType(objectType);
  if (type === undefined) return false;
  if (type === 'ip') addAddress(value, reading);
  else reading.add({ type, value });
  return true;
}

/** The type of the values of a STIX object, IPv6 addresses as `ip`; undefined for objects of other types. Custom types such as `hostname` count. */
export function toValueType(objectType: string): SupportedType | undefined {
  return objectType === 'ipv6-addr' ? 'ip' : toObservableType(objectType);
}

/** Adds the values that a comparison asks for; passes over those that it excludes, or that are no address, URL or name. */
export function readComparison(comparison: Comparison, reading: Reading): void {
  const { objectType, steps, values } = comparison;
  // The type of a referenced object names no value.
  if (steps.at(-1) === 'type') return;
  const isReference = steps.length > 1 && steps.at(-1) === 'value' && /_refs?$/.test(steps.at(-2) ?? '');
  const isValue = steps.length === 1 && steps[0] === 'value' && toValueType(objectType) !== undefined;
  const reason = isReference || isValue ? toReason(comparison) : 'other type';
  for (const value of values) {
    if (reason !== undefined) reading.passOver(reason, value);
    else if (isValue) addStixValue(objectType, value, reading);
    else addReferenced(value, reading);
  }
}

function toReason({ operator, isNegated }: Comparison): PassedOverReason | undefined {
  if (isNegated || operator === '!=') return 'negated';
  if (operator === '=' || operator === 'IN') return undefined;
  return operator === 'ISSUBSET' || operator === 'ISSUPERSET' ? 'range' : 'other type';
}

/** A reference does not state the type of its target. */
function addReferenced(value: string, reading: Reading): void {
  const [address = ''] = value.split('/', 1);
  const type = detectType(value);
  if (isIpv4(address) || isIpv6(address)) addAddress(value, reading);
  else if (type === undefined) reading.passOver('other type', value);
  else reading.add({ type, value });
}
