import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import GithubSlugger from 'github-slugger';
import type { Token, Tokens } from 'marked';
import { lexer, walkTokens } from 'marked';
import { describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { createManPage } from '../src/cli/man-page.ts';
import { createProgram } from '../src/cli/program.ts';

const DOCUMENTS = [
  ...readdirSync('.'),
  ...readdirSync('deploy', { recursive: true, encoding: 'utf8' }).map((file) => `deploy/${file}`),
]
  .filter((file) => file.endsWith('.md'))
  .sort();
// Words for what cannot be run here, in the paragraph before it.
const MARK = /\bnot run by the tests\b/i;

const readText = (file: string) => readFileSync(file, 'utf8');

function tokensOf(markdown: string): Token[] {
  const tokens: Token[] = [];
  void walkTokens(lexer(markdown), (token) => void tokens.push(token));
  return tokens;
}

function anchorsOf(file: string): string[] {
  const slugger = new GithubSlugger();
  const headings = tokensOf(readText(file)).filter((token): token is Tokens.Heading => token.type === 'heading');
  return headings.map(({ text }) => slugger.slug(text.replace(/`|\*|\[([^\]]*)\]\([^)]*\)/g, '$1')));
}

/** The links of a document that lead nowhere, of those that stay in the project. */
function brokenLinks(file: string, markdown = readText(file)): string[] {
  const links = tokensOf(markdown).filter((token): token is Tokens.Link => token.type === 'link' || token.type === 'image');
  return links
    .map(({ href }) => href)
    .filter((href) => !/^[a-z]+:/i.test(href))
    .filter((href) => {
      const [path = '', anchor] = href.split('#');
      const target = path === '' ? file : join(dirname(file), path);
      return !existsSync(target) || (anchor !== undefined && !(target.endsWith('.md') && anchorsOf(target).includes(anchor)));
    });
}

describe('the links of', () => {
  test.each(DOCUMENTS)('%s lead to what is there', (file) => {
    expect(brokenLinks(file)).toEqual([]);
  });

  test('a document are all looked at', () => {
    expect(DOCUMENTS).toEqual(
      expect.arrayContaining(['CHANGELOG.md', 'CONTRIBUTING.md', 'README.md', 'SECURITY.md', 'THIRD-PARTY.md']),
    );
    const links = '[a](no.md) [b](README.md#no) [c](#who-may-call) | [d][x]\n\n[x]: #no-such\n\n| a |\n|---|\n| [e](also/no) |';
    expect(brokenLinks('README.md', links)).toEqual(['no.md', 'README.md#no', '#no-such', 'also/no']);
  });
});

const CONSOLE = 'console';

const FIRST_SCREEN = 'sh';

const FILE_OF_AN_EXAMPLE = 'js';

// What is named in passing is no command to type: a script, whose being there is looked at below, or an option.
const CODE_WITH_COMMAND = /`(?:cct completion|npm(?! run)|npx|docker|sam|aws|curl(?! -O`)|source) [^`]*`/;

/** Blocks and rows with something to type that are neither run nor marked, by their beginnings. */
function unmarked(markdown: string): string[] {
  const found: string[] = [];
  let before = '';
  let marked = false;
  for (const token of lexer(markdown)) {
    if (token.type === 'heading') {
      before = '';
      marked = false;
    }
    if (token.type === 'paragraph' || token.type === 'list') {
      before = token.raw;
      marked ||= MARK.test(before);
    }
    if (token.type === 'code') {
      const { lang = '', text } = token as Tokens.Code;
      const isRun = [CONSOLE, FIRST_SCREEN, FILE_OF_AN_EXAMPLE].includes(lang);
      const isLog = lang === '' && text.split('\n').every((line) => /^\d\d:\d\d:\d\d /.test(line));
      const isLicence = lang === 'text' && /copyright|permission|license/i.test(text);
      if (!isRun && !isLog && !isLicence && !MARK.test(before)) found.push(text.slice(0, 40));
      before = '';
    }
    if (token.type === 'table' && CODE_WITH_COMMAND.test(token.raw) && !marked) found.push(token.raw.slice(0, 40));
  }
  return found;
}

describe('what is to be typed', () => {
  test.each(DOCUMENTS.filter((file) => file !== 'CONTRIBUTING.md'))('in %s is run, or says that it is not', (file) => {
    expect(unmarked(readText(file))).toEqual([]);
  });

  test('is found wherever it stands', () => {
    const block = '```bash\nrm x\n```';
    expect(unmarked(block)).toEqual(['rm x']);
    expect(unmarked(`Do this; not run by the tests:\n\n${block}\n\n${block}`)).toEqual(['rm x']);
    expect(unmarked('```\ncct observe\n```')).toEqual(['cct observe']);
    expect(unmarked('| a |\n|---|\n| `npm install x` |')).toHaveLength(1);
    expect(unmarked(`# A\n\nNot run by the tests.\n\n# B\n\n${block}`)).toEqual(['rm x']);
  });

  test('is run where its kind says so', () => {
    const blocks = DOCUMENTS.flatMap((file) => tokensOf(readText(file)).map((token) => ({ file, token }))).flatMap(
      ({ file, token }) => (token.type === 'code' ? [`${file} ${(token as Tokens.Code).lang ?? ''}`] : []),
    );
    // The tests of README.md run these: the two commands by .ci/run, and one file as the examples need it.
    expect(blocks.filter((block) => block.endsWith(` ${FIRST_SCREEN}`))).toEqual(['README.md sh', 'README.md sh']);
    expect(blocks.filter((block) => block.endsWith(` ${FILE_OF_AN_EXAMPLE}`))).toEqual(['README.md js']);
    expect(new Set(blocks.filter((block) => block.endsWith(` ${CONSOLE}`)))).toEqual(new Set(['README.md console']));
    expect(readText('.ci/run')).toMatch(/readme_command 'npx cct observe '.*readme_command 'npm test'/);
  });
});

/** Without sections of reports that no command has written yet. */
const withoutUnwritten = (markdown: string) => markdown.replace(/`npm run [\w:-]+`\s*<!-- (\w+) -->\s*<!-- \/\1 -->/g, '');

describe('the scripts of package.json', () => {
  const scripts = Object.keys(packageJson.scripts);

  test.each(DOCUMENTS)('are all that %s names', (file) => {
    const named = [...withoutUnwritten(readText(file)).matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  test('stand in the table of CONTRIBUTING.md, but for the parts of others', () => {
    const [table] = tokensOf(readText('CONTRIBUTING.md')).filter((token): token is Tokens.Table => token.type === 'table');
    const named = table?.rows.map(([first]) => /^`npm (?:run )?([\w:-]+)/.exec(first?.text ?? '')?.[1] ?? '') ?? [];
    // `npm ci` runs it.
    const whole = scripts.filter((name) => !name.includes(':') && name !== 'prepare');
    expect(whole.filter((name) => !named.includes(name))).toEqual([]);
  });
});

/** Whether there is such a file or folder, or with a star in its name at least one. */
function isThere(path: string): boolean {
  const [start = '', end] = path.split('*');
  if (end === undefined) return existsSync(path);
  return readdirSync(dirname(start)).some((name) => `${dirname(start)}/${name}`.startsWith(start) && name.endsWith(end));
}

test.each(DOCUMENTS.filter((file) => file !== 'THIRD-PARTY.md'))('the paths that %s names are there', (file) => {
  const paths = [...readText(file).matchAll(/(?<![\w./-])(?:src|test|deploy)\/[\w./*-]*\w/g)].map(([path]) => path);
  // Made by whoever follows the text.
  const made = ['deploy/relay.secret'];
  expect(paths.filter((path) => !isThere(path) && !made.includes(path))).toEqual([]);
});

test('the table of folders is that of the project', () => {
  const [, section = ''] = readText('README.md').split('\n## Development\n');
  const listed = [...section.matchAll(/^\| `([\w./-]+)` \|/gm)].map(([, path = '']) => path);
  const foldersIn = (folder: string) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
  const ignored = readText('.gitignore')
    .split('\n')
    .map((line) => line.replaceAll('/', ''));
  const top = foldersIn('.').filter((name) => !ignored.includes(name) && name !== 'src');
  expect(listed.sort()).toEqual([...top, ...foldersIn('src').map((name) => `src/${name}`)].sort());
});

describe('README.md has', () => {
  const program = createProgram({ version: '', onHelp: () => undefined, helpColumns: 80, onInvocation: () => undefined });
  const walk = (command: Command, path: string): [string, Command][] => [
    [path, command],
    ...command.commands.flatMap((sub) => walk(sub, `${path} ${sub.name()}`)),
  ];
  const readme = readText('README.md');

  test('every command', () => {
    const paths = walk(program, 'cct').filter(([, { commands }]) => commands.length === 0);
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.map(([path]) => path).filter((path) => !readme.includes(path))).toEqual([]);
  });

  test('every flag of the help', () => {
    const flags = walk(program, 'cct').flatMap(([, { options }]) => options.map(({ long, short }) => long ?? short ?? ''));
    const unnamed = [...new Set(flags)].filter((flag) => !new RegExp(`(?<![\\w-])${flag}(?![\\w-])`).test(readme));
    expect(unnamed).toEqual([]);
  });

  test('every variable of the man page', () => {
    const [, section = ''] = createManPage().replaceAll('\\-', '-').split('.SH ENVIRONMENT');
    const [variables = ''] = section.split('.SH ');
    const names = [...variables.matchAll(/\\fB([\w, ]+)\\fR/g)].flatMap(([, list = '']) => list.split(', '));
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});
