import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import packageJson from '../package.json' with { type: 'json' };
import { readSuites } from './helpers/suites.ts';

const suites = readSuites();
const stepSchema = z.object({ uses: z.optional(z.string()), run: z.optional(z.string()) });
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

describe.each(readdirSync(FOLDER))('%s', (file) => {
  const { permissions, jobs } = read(file);
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const commands = steps.flatMap(({ run }) => run?.split('\n') ?? []);
  const namesIn = (pattern: RegExp) => commands.flatMap((command) => [...command.matchAll(pattern)].map(([, name = '']) => name));

  test('may only read, but for the job that writes a release', () => {
    expect(permissions).toEqual({ contents: 'read' });
    const more = Object.entries(jobs).filter(([, job]) => job.permissions !== undefined);
    expect(more.map(([name]) => name)).toEqual(file === 'release.yml' ? ['binaries'] : []);
  });

  test('calls scripts, suites and tests that exist', () => {
    const scripts = namesIn(/npm run (?:-s )?([\w:-]+)/g);
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((name) => !Object.keys(packageJson.scripts).includes(name))).toEqual([]);
    expect(namesIn(/npm run suite -- ([a-z]+)/g).filter((name) => !suites.includes(name))).toEqual([]);
    expect(namesIn(/\b(test\/\S+)/g).filter((path) => !existsSync(path))).toEqual([]);
  });

  test('has a version for each action, and each job that it waits for', () => {
    const actions = steps.flatMap(({ uses }) => uses ?? []);
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => !/^actions\/[\w-]+@(?:v\d+|[0-9a-f]{40})$/.test(action))).toEqual([]);
    expect(Object.values(jobs).filter(({ needs }) => needs !== undefined && !(needs in jobs))).toEqual([]);
  });
});

test('ci runs on each Node of the package, and on Windows and macOS', () => {
  expect(Object.values(read('ci.yml').jobs).map(({ strategy }) => strategy?.matrix)).toEqual([
    { node: [20, 22, 24] },
    { os: ['windows-latest', 'macos-latest'] },
  ]);
});

test('the package names a patched version of each Node, and the pages name the same', () => {
  const { node } = packageJson.engines;
  expect(node).toBe('^20.20.2 || ^22.23.2 || >=24.18.1');
  const inPages = `Node ${node
    .replace(/[\^>=]/g, '')
    .replace(' || ', ', ')
    .replace(' || ', ' or ')}, or newer`;
  expect(readFileSync('README.md', 'utf8')).toContain(`With ${inPages}, in a checkout.`);
  expect(readFileSync('docs/install.md', 'utf8').match(/Node 2\d\.[^|]*newer/g)).toEqual([inPages, inPages]);
});

test('the long suites run each night', () => {
  const { on, jobs } = read('nightly.yml');
  expect(Object.keys(on)).toEqual(['schedule', 'workflow_dispatch']);
  const { strategy, steps = [] } = jobs['long'] ?? {};
  expect(steps.map(({ run }) => run)).toContain('npm run suite -- ${{ matrix.suite }}');
  const names = strategy?.matrix['suite'] ?? [];
  expect(names).toEqual([
    'isolated',
    'cost',
    'faults',
    'generated',
    'soak',
    'crash',
    'mutation',
    'coverage',
    'acceptance',
    'duckdb',
  ]);
  expect(names.filter((name) => !suites.includes(String(name)))).toEqual([]);
});

test('a tag makes a release, which can be traced to its workflow', () => {
  const { on, jobs } = read('release.yml');
  expect(on).toEqual({ push: { tags: ['v*'] } });
  const words = jobs['binaries']?.steps.map(({ uses, run }) => uses ?? run);
  expect(words).toEqual(expect.arrayContaining(['npm run package', 'actions/attest-build-provenance@v2']));
  expect(jobs['binaries']?.permissions).toEqual({ contents: 'write', 'id-token': 'write', attestations: 'write' });
});
