import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Where the reports of the long commands are kept: one section each, written by the command itself. */
const REPORT_FILE = 'BENCHMARKS.md';

/**
 * Puts Markdown between the comments `<!-- name -->` and `<!-- /name -->` of a file, by default `BENCHMARKS.md`, below a line that says
 * when, with which Node and on what machine it was made. The file is looked for in the working directory: npm starts its scripts at the
 * top of the project. Throws when the file has no such section.
 */
export function writeReport(name: string, markdown: string, now: Date, file = REPORT_FILE): void {
  const made = `${now.toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${availableParallelism()} cores.`;
  writeFileSync(file, replaceSection(readFileSync(file, 'utf8'), name, `${made}\n\n${markdown}`));
}

/** A text with what stands between the comments of a section replaced. Throws when there is no such section. */
function replaceSection(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [at, until] = [text.indexOf(start), text.indexOf(end)];
  if (at < 0 || until < at) throw new Error(`There is no section ${start.trim()} … ${end}`);
  return `${text.slice(0, at)}${start}\n${content.trim()}\n\n${text.slice(until)}`;
}

/** Rows as a table of Markdown, the first row its head. Bars within cells are escaped. */
export function toMarkdownTable(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`);
  const rule = `|${' --- |'.repeat(rows[0]?.length ?? 0)}`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}
