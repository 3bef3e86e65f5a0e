import { readdirSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { cyclesOf, isTrackerMaker, problemsOf, problemsOfDeploy, trackerMakersOf } from './helpers/house.ts';

/** The source files below a folder of the project, by their paths within it, with `/` between the parts. */
function readSources(folder: string): Readonly<Record<string, string>> {
  const root = fileURLToPath(new URL(`../${folder}/`, import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll(sep, '/'));
  const sources = files.filter((file) => /\.[cm]?[jt]sx?$/.test(file) && !file.includes('node_modules/'));
  return Object.fromEntries(sources.map((file) => [file, readFileSync(root + file, 'utf8')]));
}

describe('the house', () => {
  const src = readSources('src');

  test('has its core', () => {
    expect(Object.keys(src)).toEqual(expect.arrayContaining(['core/enrich.ts', 'core/mapper.ts', 'core/observable.ts']));
  });

  test('keeps its rules in every file', () => {
    expect(Object.entries(src).flatMap(([file, text]) => problemsOf(file, text))).toEqual([]);
  });

  test('has no file that leads back to itself by its imports', () => {
    expect(cyclesOf(src)).toEqual([]);
  });

  test('knows all that makes a tracker', () => {
    expect(trackerMakersOf(src).sort()).toEqual(Object.keys(src).filter(isTrackerMaker).sort());
  });

  test('is known to what deploys it by the way it starts, and by nothing else', () => {
    const deploy = readSources('deploy');
    expect(Object.keys(deploy)).toContain('package/main.ts');
    expect(Object.entries(deploy).flatMap(([file, text]) => problemsOfDeploy(file, text))).toEqual([]);
  });
});
