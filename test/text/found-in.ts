import { expect } from 'vitest';
import { extractObservables } from '../../src/text/extract.ts';

/** What is found in a line, each as `type value`. */
export function found(line: string): string[] {
  return extractObservables(line).map(({ type, value }) => `${type} ${value}`);
}

/** Holds when each line of the table gives what stands beside it. */
export function expectFound(table: Readonly<Record<string, readonly string[]>>): void {
  expect(Object.fromEntries(Object.keys(table).map((line) => [line, found(line)]))).toEqual(table);
}

/** Holds when nothing is found in any of the lines. */
export function expectNothing(lines: readonly string[]): void {
  expect(Object.fromEntries(lines.map((line) => [line, found(line)]))).toEqual(
    Object.fromEntries(lines.map((line) => [line, []])),
  );
}
