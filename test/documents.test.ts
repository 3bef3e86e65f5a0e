import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import GithubSlugger from 'github-slugger';
import type { Token, Tokens } from 'marked';
import { lexer, walkTokens } from 'marked';
import { describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { createManPage } from '../src/cli/program/man-page.ts';
import { createProgram } from '../src/cli/program/program.ts';
import { rowsUnder } from './helpers/page-tables.ts';
import type { Page } from './helpers/pages.ts';
import { pageAt, pages } from './helpers/pages.ts';
import { readSuites } from './helpers/suites.ts';

function tokensOf(markdown: string): Token[] {
  const tokens: Token[] = [];
  void walkTokens(lexer(markdown), (token) => void tokens.push(token));
  return tokens;
}

/** `PATH:LINE` of the first occurrence of a text. */
function placeOf({ path, text }: Page, part: string): string {
  return `${path}:${text.slice(0, text.indexOf(part)).split('\n').length}`;
}

function anchorsOf(text: string): string[] {
  const slugger = new GithubSlugger();
  const headings = tokensOf(text).filter((token): token is Tokens.Heading => token.type === 'heading');
  return headings.map(({ text: title }) => slugger.slug(title.replace(/`|\*|\[([^\]]*)\]\([^)]*\)/g, '$1')));
}

/** The links of a page that stay in the project. */
function linksOf({ text }: Page): string[] {
  const links = tokensOf(text).filter((token): token is Tokens.Link => token.type === 'link' || token.type === 'image');
  return links.map(({ href }) => href).filter((href) => !/^[a-z]+:/i.test(href));
}

/** Those without a target. */
function brokenLinks(page: Page): string[] {
  return linksOf(page)
    .filter((href) => {
      const [path = '', anchor] = href.split('#');
      const target = path === '' ? page.path : join(dirname(page.path), path);
      if (anchor === undefined) return !existsSync(target);
      return !anchorsOf(path === '' ? page.text : (pages.find((each) => each.path === target)?.text ?? '')).includes(anchor);
    })
    .map((href) => `${placeOf(page, href)}: ${href}`);
}

describe('the links of', () => {
  test.each(pages)('$path have a target', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  test('all pages are checked', () => {
    const paths = ['CHANGELOG.md', 'CONTRIBUTING.md', 'README.md', 'SECURITY.md', 'THIRD-PARTY.md', 'docs/relay.md'];
    expect(pages.map(({ path }) => path)).toEqual(expect.arrayContaining(paths));
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(50);
  });
});

/** A page without its empty reports. */
const withoutUnwritten = (markdown: string) => markdown.replace(/`npm run [\w:-]+`\s*<!-- (\w+) -->\s*<!-- \/\1 -->/g, '');

describe('the scripts of package.json', () => {
  const scripts = Object.keys(packageJson.scripts);
  const suites = readSuites();

  test.each(pages)('exist as $path names them', (page) => {
    const named = [...withoutUnwritten(page.text).matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name);
    const unknown = named.filter((name) => !scripts.includes(name));
    expect(unknown.map((name) => `${placeOf(page, `npm run ${name}`)}: npm run ${name}`)).toEqual([]);
  });

  test.each(pages)('run the suites on $path', (page) => {
    const named = [...page.text.matchAll(/npm run suite -- ([a-z]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !suites.includes(name)).map((name) => placeOf(page, `npm run suite -- ${name}`))).toEqual([]);
  });

  test('are at most 14, each with a line in CONTRIBUTING.md, as the suites have', () => {
    const named = rowsUnder(pageAt('CONTRIBUTING.md'), '## Commands').map(
      ({ cells: [first = ''] }) => /^(?:npm (?:run )?)?([\w:-]+)/.exec(first)?.[1],
    );
    expect(scripts.length).toBeLessThanOrEqual(14);
    // `npm ci` runs it.
    const all = new Set([...scripts, ...suites].filter((name) => name !== 'prepare' && name !== 'system'));
    expect([...all].filter((name) => named.filter((one) => one === name).length !== 1)).toEqual([]);
  });
});

/** Whether a file or directory exists; with a star in its name, at least one. */
function exists(path: string): boolean {
  const [start = '', end] = path.split('*');
  if (end === undefined) return existsSync(path);
  return readdirSync(dirname(start)).some((name) => `${dirname(start)}/${name}`.startsWith(start) && name.endsWith(end));
}

test.each(pages.filter(({ path }) => path !== 'THIRD-PARTY.md'))('the paths on $path exist', (page) => {
  const paths = [...page.text.matchAll(/(?<![\w./-])(?:src|test|deploy|docs)\/[\w./*-]*\w/g)].map(([path]) => path);
  // The reader makes it.
  const made = ['deploy/relay.secret'];
  const missing = paths.filter((path) => !exists(path) && !made.includes(path));
  expect(missing.map((path) => `${placeOf(page, path)}: ${path}`)).toEqual([]);
});

test('docs/architecture.md names each directory of src, and no other', () => {
  const [tree = ''] = /```text\nbin.*?\ntest/s.exec(pageAt('docs/architecture.md').text) ?? [];
  const named = [...tree.matchAll(/([a-z]+)\/(?= )/g)].map(([, name]) => name);
  const directories = readdirSync('src', { withFileTypes: true, recursive: true }).filter((entry) => entry.isDirectory());
  expect(named.sort()).toEqual(directories.map(({ name }) => name).sort());
});

const program = await createProgram({ version: '', onHelp: () => undefined, helpColumns: 80, onInvocation: () => undefined });

describe('README.md and docs have', () => {
  const walk = (command: Command, path: string): [string, Command][] => [
    [path, command],
    ...command.commands.flatMap((sub) => walk(sub, `${path} ${sub.name()}`)),
  ];
  const text = pages
    .filter(({ path }) => path === 'README.md' || path.startsWith('docs/'))
    .map((page) => page.text)
    .join('\n');

  test('every command', () => {
    const paths = walk(program, 'cct').filter(([, { commands }]) => commands.length === 0);
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.map(([path]) => path).filter((path) => !text.includes(path))).toEqual([]);
  });

  test('every flag of the help', () => {
    const flags = walk(program, 'cct').flatMap(([, { options }]) => options.map(({ long, short }) => long ?? short ?? ''));
    const unnamed = [...new Set(flags)].filter((flag) => !new RegExp(`(?<![\\w-])${flag}(?![\\w-])`).test(text));
    expect(unnamed).toEqual([]);
  });

  test('every variable of the man page', async () => {
    const [, section = ''] = (await createManPage()).replaceAll('\\-', '-').split('.SH ENVIRONMENT');
    const [variables = ''] = section.split('.SH ');
    const names = [...variables.matchAll(/\\fB([\w, ]+)\\fR/g)].flatMap(([, list = '']) => list.split(', '));
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
