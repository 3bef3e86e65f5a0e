import { expect } from 'vitest';
import { extractObservables } from '../../src/text/extract.ts';
import { refang } from '../../src/text/refang.ts';

/** What is found in a line, each as `type value`. */
export function found(line: string): string[] {
  return extractObservables(line).found.map(({ type, value }) => `${type} ${value}`);
}

function expectEach<Result>(table: Readonly<Record<string, Result>>, work: (key: string) => Result): void {
  expect(Object.fromEntries(Object.keys(table).map((key) => [key, work(key)]))).toEqual(table);
}

const toTable = <Result>(keys: readonly string[], result: (key: string) => Result) =>
  Object.fromEntries(keys.map((key) => [key, result(key)]));

/** Expects what each line of a table contains. */
export const expectFound = (table: Readonly<Record<string, readonly string[]>>) => expectEach(table, found);

/** Expects that each line contains this. */
export const expectAllFound = (wanted: readonly string[], lines: readonly string[]) => expectFound(toTable(lines, () => wanted));

/** Expects that no line contains anything. */
export const expectNothing = (lines: readonly string[]) => expectAllFound([], lines);

/** Expects that each line contains nothing but what is passed over for this reason. */
export function expectPassedOver(reason: string, lines: readonly string[]): void {
  const reasons = (line: string) => [
    ...found(line),
    ...new Set(extractObservables(line).passedOver.map((piece) => piece.reason)),
  ];
  expectEach(
    toTable(lines, () => [reason]),
    reasons,
  );
}

/** Expects each key of a table to become its value. */
export const expectRefanged = (table: Readonly<Record<string, string>>) => expectEach(table, refang);

/** Expects values to stay as they are. */
export const expectUnchanged = (values: readonly string[]) => expectRefanged(toTable(values, (value) => value));
