import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import packageJson from '../package.json' with { type: 'json' };
import { readSuites } from './helpers/suites.ts';

const suites = readSuites();

const stepSchema = z.object({ uses: z.optional(z.string()), run: z.optional(z.string()), with: z.optional(z.unknown()) });
const jobSchema = z.object({
  needs: z.optional(z.string()),
  permissions: z.optional(z.record(z.string(), z.string())),
  strategy: z.optional(z.object({ matrix: z.record(z.string(), z.array(z.union([z.string(), z.number()]))) })),
  steps: z.array(stepSchema),
});
const workflowSchema = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), jobSchema),
});

const FOLDER = '.github/workflows';
const read = (file: string) => workflowSchema.parse(parse(readFileSync(`${FOLDER}/${file}`, 'utf8')));

test('there are three workflows', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(['ci.yml', 'nightly.yml', 'release.yml']);
});

describe.each(['ci.yml', 'release.yml'])('%s', (file) => {
  const { permissions, jobs } = read(file);
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const commands = steps.flatMap(({ run }) => run?.split('\n') ?? []);

  test('may only read, but for the job that writes a release', () => {
    expect(permissions).toEqual({ contents: 'read' });
    const more = Object.entries(jobs).filter(([, job]) => job.permissions !== undefined);
    expect(more.map(([name]) => name)).toEqual(file === 'release.yml' ? ['binaries'] : []);
  });

  test('calls scripts and test files that are there', () => {
    const scripts = commands.flatMap((command) =>
      [...command.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name),
    );
    const known = Object.keys(packageJson.scripts);
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((name) => !known.includes(name))).toEqual([]);
    const named = commands.flatMap((command) => [...command.matchAll(/npm run suite -- ([a-z]+)/g)].map(([, name = '']) => name));
    expect(named.filter((name) => !suites.includes(name))).toEqual([]);
    const paths = commands.flatMap((command) => command.match(/\btest\/\S+/g) ?? []);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  test('names each action with a version, and each job that it waits for', () => {
    const actions = steps.flatMap(({ uses }) => uses ?? []);
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => !/^actions\/[\w-]+@(?:v\d+|[0-9a-f]{40})$/.test(action))).toEqual([]);
    const needed = Object.values(jobs).flatMap(({ needs }) => needs ?? []);
    expect(needed.filter((name) => !(name in jobs))).toEqual([]);
  });
});

test('ci runs on each Node that the package takes, and on Windows and macOS', () => {
  const { jobs } = read('ci.yml');
  expect(Object.values(jobs).map(({ strategy }) => strategy?.matrix)).toEqual([
    { node: [20, 22, 24] },
    { os: ['windows-latest', 'macos-latest'] },
  ]);
  expect(packageJson.engines.node).toBe('>=20.19');
});

test('what takes long runs each night, by suites that are there', () => {
  const { on, jobs } = read('nightly.yml');
  expect(Object.keys(on)).toEqual(['schedule', 'workflow_dispatch']);
  const { strategy, steps = [] } = jobs['long'] ?? {};
  expect(steps.map(({ run }) => run)).toContain('npm run suite -- ${{ matrix.suite }}');
  const names = strategy?.matrix['suite'] ?? [];
  expect(names).toEqual(['isolated', 'cost', 'faults', 'generated', 'soak', 'crash', 'mutation', 'coverage']);
  expect(names.filter((name) => !suites.includes(String(name)))).toEqual([]);
});

test('a release is made of a tag, and what is in it can be traced to this workflow', () => {
  const { on, jobs } = read('release.yml');
  expect(on).toEqual({ push: { tags: ['v*'] } });
  const words = jobs['binaries']?.steps.map(({ uses, run }) => uses ?? run);
  expect(words).toEqual(expect.arrayContaining(['npm run package', 'actions/attest-build-provenance@v2']));
  expect(jobs['binaries']?.permissions).toEqual({ contents: 'write', 'id-token': 'write', attestations: 'write' });
});
