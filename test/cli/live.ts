import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { FakeTracker, FakeTrackerOptions } from '../helpers/fake-tracker.ts';
import { startFakeTracker } from '../helpers/fake-tracker.ts';
import { openTempDir } from '../helpers/run-cct.ts';

/** The flags that ask the built-in sample. */
export const SAMPLE: readonly string[] = ['--snapshot', 'sample'];

/** A tracker that is closed when the test ends. */
export async function openTracker(options: Partial<FakeTrackerOptions> = {}): Promise<FakeTracker> {
  const tracker = await startFakeTracker(options);
  onTestFinished(() => tracker.close());
  return tracker;
}

/** The flags that ask this tracker, each lookup once. */
export function asking({ url }: FakeTracker): string[] {
  return ['--api-url', url, '--retries', '0'];
}

/** The keys that a tracker was asked, sorted: many are asked at once. */
export function keysAsked(tracker: FakeTracker): (string | null)[] {
  return tracker
    .lookups()
    .map(({ key }) => key)
    .sort();
}

/** A file in a directory of its own, both gone when the test ends. */
export function writeTempFile(name: string, content: string | Buffer): string {
  const path = join(openTempDir(), name);
  writeFileSync(path, content);
  return path;
}

/** Observables as a JSON file has them. */
export function toJson(...observables: readonly (readonly [type: string, value: string])[]): string {
  return JSON.stringify(observables.map(([type, value]) => ({ type, value })));
}

/** So many distinct urls, a line each, that the sample lists. As ndjson they are 1.3 kB each. */
export function toPanelUrls(count: number): string {
  return Array.from({ length: count }, (_, at) => `http://drop.example/${at}\n`).join('');
}

/** A run that ends with one line on stderr and nothing on stdout. */
export const complaint = (message: string, status = 2) => ({ status, stdout: '', stderr: `cct: ${message}\n` });
