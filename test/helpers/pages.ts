import { readdirSync, readFileSync } from 'node:fs';

/** A Markdown page of the project. */
export interface Page {
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block. Its info string is a language, then `not-run`, `file=NAME` or nothing. */
export interface Fence {
  readonly path: string;
  /** The line of the opening fence, from 1. */
  readonly line: number;
  readonly lang: string;
  readonly marks: readonly string[];
  readonly text: string;
}

/** A command on a page. */
export interface Example {
  readonly path: string;
  readonly line: number;
  readonly command: string;
  /** Its output on the page; undefined without one. */
  readonly shown: string | undefined;
  /** The line of its fence: the commands of one fence share a cache. */
  readonly fence: number;
}

/** The mark of a fence whose commands no test runs. */
export const NOT_RUN = 'not-run';

/** All pages: those of the project's top, of `docs` and of `deploy`. */
export const pages: readonly Page[] = [
  ...readdirSync('.'),
  ...['docs', 'deploy'].flatMap((dir) => readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((file) => `${dir}/${file}`)),
]
  .filter((path) => path.endsWith('.md') && !path.includes('node_modules'))
  .sort()
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

/** The page at this path. Throws without one. */
export function pageAt(path: string): Page {
  const page = pages.find((each) => each.path === path);
  if (!page) throw new Error(`${path} does not exist`);
  return page;
}

/** The fenced blocks of a page, in order. */
export function fencesOf({ path, text }: Page): Fence[] {
  const fences: Fence[] = [];
  let open: { readonly line: number; readonly info: string; readonly rows: string[] } | undefined;
  for (const [index, row] of text.split('\n').entries()) {
    if (!row.startsWith('```')) open?.rows.push(row);
    else if (!open) open = { line: index + 1, info: row.slice(3), rows: [] };
    else {
      const [lang = '', ...marks] = open.info.split(' ');
      fences.push({ path, line: open.line, lang, marks, text: open.rows.map((each) => `${each}\n`).join('') });
      open = undefined;
    }
  }
  if (open) throw new Error(`${path}:${open.line}: the block is not closed`);
  return fences;
}

/** The commands of a fence: the `$` lines of `console`, each with its output, and a block of `sh` as a whole. */
export function commandsOf({ path, line, lang, text }: Fence): Example[] {
  if (lang === 'sh') return [{ path, line: line + 1, command: text.trimEnd(), shown: undefined, fence: line }];
  if (lang !== 'console') return [];
  const examples: Example[] = [];
  let at = line;
  for (const part of text.split(/^(?=\$ )/m)) {
    const [, command = '', shown = ''] = /^\$ ((?:.*\\\n)*.*)\n([^]*)$/.exec(part) ?? [];
    if (command !== '') examples.push({ path, line: at + 1, command, shown, fence: line });
    at += part.split('\n').length - 1;
  }
  return examples;
}

/** Whether a test runs the commands of a fence: unless it is marked. */
export function isRun({ lang, marks }: Fence): boolean {
  return ['sh', 'console'].includes(lang) && marks.length === 0;
}

/** The files in the fences of a page (`file=NAME`), by name. */
export function filesOf(page: Page): Record<string, string> {
  const named = fencesOf(page).flatMap(({ marks, text }) =>
    marks.filter((mark) => mark.startsWith('file=')).map((mark): [string, string] => [mark.slice('file='.length), text]),
  );
  return Object.fromEntries(named);
}

/** Whether a command printed what the page shows; a line of `…` stands for any lines. */
export function isShown(printed: string, shown: string): boolean {
  const parts = shown.split(/^ *…\n/m).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(?:.*\\n)*?')}$`).test(printed);
}
