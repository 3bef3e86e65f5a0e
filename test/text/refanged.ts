import { expect } from 'vitest';
import { refang } from '../../src/text/refang.ts';

/** What each value comes back as. */
function refanged(table: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(table).map((value) => [value, refang(value)]));
}

/** Expects each key of a table to come back as its value. */
export function expectRefanged(table: Readonly<Record<string, string>>): void {
  expect(refanged(table)).toEqual(table);
}

/** Expects values to come back as they are. */
export function expectUnchanged(values: readonly string[]): void {
  expect(values.map(refang)).toEqual(values);
}
