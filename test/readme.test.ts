import { describe, expect, test } from 'vitest';
import { like } from './helpers/run-cct.ts';
import { fencesOf, pageAt, pages } from './helpers/pages.ts';

const readme = pageAt('README.md');
const lines = readme.text.split('\n');
const topics = pages.filter(({ path }) => path.startsWith('docs/'));

describe('README.md', () => {
  test('begins with the two commands for a new machine', () => {
    const commands = fencesOf(readme).filter(({ lang }) => lang === 'sh');
    expect(commands.slice(0, 2).map(({ text }) => text)).toEqual([
      'npm ci && npx cct observe observables.json --snapshot sample\n',
      'npm ci && npm test\n',
    ]);
    expect(commands[0]?.line).toBeLessThan(10);
  });

  test('has at most 200 lines', () => {
    expect(lines.length - 1).toBeLessThanOrEqual(200);
  });

  test('has its sections in this order', () => {
    expect(lines.filter((line) => line.startsWith('## '))).toEqual([
      '## What it does',
      '## What a hit is worth',
      '## Four uses',
      '## Install',
      '## Documentation',
      '## Development',
      '## Licence',
    ]);
  });

  test('links every page of docs', () => {
    expect(topics.length).toBeGreaterThan(10);
    expect(topics.map(({ path }) => path).filter((path) => !readme.text.includes(`](${path})`))).toEqual([]);
  });
});

describe('a page of docs', () => {
  test.each(topics)('$path begins with its purpose, and has at most 200 lines', ({ text }) => {
    expect(text.split('\n').slice(0, 3)).toEqual([like(/^# \S/), '', like(/^[A-Z`].+\.$/)]);
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(200);
  });
});
