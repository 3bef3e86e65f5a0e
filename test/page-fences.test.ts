import { CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../src/cli/program/program.ts';
import type { Fence, Page } from './helpers/pages.ts';
import { fencesOf, isRun, isShown, NOT_RUN, pages } from './helpers/pages.ts';

const COMMAND_LANGS = ['sh', 'console'];
const OTHER_LANGS = ['js', 'json', 'ini', 'nginx', 'yaml', 'text', 'csv'];
const COMMAND = /^(?:\$ |(?:sudo )?(?:cct|npm|npx|docker|curl|sam|aws|openssl|duckdb) )/m;
const CODE_WITH_COMMAND = /`(?:npm(?! run)|npx|docker|sam|aws|curl(?! -O`)|source) [^`]*`/;

/** Problems of the fences of a page, with their places. */
function problemsOf(page: Page): string[] {
  const fences = fencesOf(page).flatMap((fence) =>
    problemsOfFence(fence).map((problem) => `${page.path}:${fence.line}: ${problem}`),
  );
  const rows = page.text.split('\n').flatMap((line, at) => {
    if (/^\s+```/.test(line)) return [`${page.path}:${at + 1}: an indented fence`];
    if (/\bnot run by the tests\b/i.test(line)) return [`${page.path}:${at + 1}: the mark of a fence says that`];
    const isCell = line.startsWith('| ') && page.path !== 'CONTRIBUTING.md';
    return isCell && CODE_WITH_COMMAND.test(line) ? [`${page.path}:${at + 1}: a command that no test sees`] : [];
  });
  return [...fences, ...rows];
}

function problemsOfFence({ lang, marks, text }: Fence): string[] {
  const known = COMMAND_LANGS.includes(lang) ? [NOT_RUN] : [];
  const wrong = marks
    .filter((mark) => !known.includes(mark) && !/^file=[\w.-]+$/.test(mark))
    .map((mark) => `an unknown mark: ${mark}`);
  if (COMMAND_LANGS.includes(lang)) return wrong;
  if (!OTHER_LANGS.includes(lang)) return [...wrong, `an unknown language: ${lang}`];
  return COMMAND.test(text) ? [...wrong, `a command in a fence of ${lang}`] : wrong;
}

/** The calls of the program in a fence, as words. Outside of shells they have its path. */
function callsIn({ lang, text }: Fence): string[][] {
  const before = COMMAND_LANGS.includes(lang) ? '(?:^|[\\s(]|/bin/)(?<!(?:-t|-u|--stack-name|--now) )' : '/bin/';
  const calls = new RegExp(`${before}cct +((?:'[^']*'|"[^"]*"|[^\\n'"|&;<>()])*)`, 'gm');
  return [...text.replaceAll('\\\n', ' ').matchAll(calls)]
    .map(([, words = '']) => words.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [])
    .filter(([first = '']) => /^(?:[a-z]|--?[a-z])/i.test(first));
}

const openProgram = () => createProgram({ version: '', onHelp: () => undefined, helpColumns: 80, onInvocation: () => undefined });

/** Why the program would refuse these words; undefined where it takes them. */
async function refusalOf(words: readonly string[]): Promise<string | undefined> {
  const program = await openProgram();
  try {
    program.parse(words, { from: 'user' });
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    return ['commander.version', 'commander.helpDisplayed'].includes(thrown.code) ? undefined : thrown.message.split('\n')[0];
  }
}

/** What the program would refuse of the commands that no test runs. */
async function refusalsOf(page: Page): Promise<string[]> {
  const fences = fencesOf(page).filter((fence) => !isRun(fence));
  const calls = fences.flatMap((fence) => callsIn(fence).map((words) => ({ fence, words })));
  return (await Promise.all(calls.map(async (call) => ({ ...call, refusal: await refusalOf(call.words) }))))
    .filter(({ refusal }) => refusal !== undefined)
    .map(({ fence, words, refusal }) => `${fence.path}:${fence.line}: cct ${words.join(' ')}: ${refusal}`);
}

/** Unknown flags in code within a line. */
function unknownFlagsOf({ path, text }: Page): string[] {
  const inFences = new Set(
    fencesOf({ path, text }).flatMap((fence) => fence.text.split('\n').map((_, at) => fence.line + at + 1)),
  );
  return text
    .split('\n')
    .flatMap((line, at) =>
      inFences.has(at + 1)
        ? []
        : [...line.matchAll(/`cct ([^`]+)`/g)].flatMap(([, words = '']) =>
            unknownFlags(words.split(' ')).map((flag) => `${path}:${at + 1}: ${flag} is no flag of it`),
          ),
    );
}

const wholeProgram = await openProgram();

function unknownFlags(words: readonly string[]): string[] {
  let command = wholeProgram;
  for (const word of words) command = command.commands.find((sub) => sub.name() === word) ?? command;
  const flags = [...command.options.flatMap(({ long, short }) => [long, short]), '--help', '-h'];
  return words.filter((word) => /^--?[a-z]/i.test(word) && !flags.includes(word));
}

describe.each(pages.filter(({ path }) => path !== 'THIRD-PARTY.md'))('the fences of $path', (page) => {
  test('have a language, and hide no command', () => {
    expect(problemsOf(page)).toEqual([]);
  });

  test('call the program as it can be called, also where no test runs them', async () => {
    expect(await refusalsOf(page)).toEqual([]);
    expect(unknownFlagsOf(page)).toEqual([]);
  });
});

test('calls of the program are found on the pages', () => {
  expect(pages.flatMap(fencesOf).flatMap(callsIn).length).toBeGreaterThan(50);
});

test('a line of … stands for any lines, and for nothing else', () => {
  const isAs = ([printed, shown]: readonly [string, string]) => isShown(printed, shown);
  expect(
    (
      [
        ['a\nb\nc\n', 'a\n  …\nc\n'],
        ['a\nc\n', 'a\n…\nc\n'],
        ['a\n', 'a\n'],
      ] as const
    ).every(isAs),
  ).toBe(true);
  expect(
    (
      [
        ['a\nb\n', 'a\n'],
        ['a\nb\n', 'a\n…\nc\n'],
        ['a.b\n', 'a…\n'],
        ['axb\n', 'a.b\n'],
      ] as const
    ).some(isAs),
  ).toBe(false);
});

test('continuous integration runs the two commands of README.md', () => {
  expect(readFileSync('.ci/run', 'utf8')).toMatch(/readme_command 'npx cct observe '.*readme_command 'npm test'/);
});
