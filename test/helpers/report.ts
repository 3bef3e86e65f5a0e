import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** The reports of the long commands, one section each. */
const REPORT_FILE = 'BENCHMARKS.md';

/** Puts Markdown, below its date, Node and machine, between `<!-- name -->` and `<!-- /name -->` of the reports. Throws without them. */
export function writeReport(name: string, markdown: string, now: Date): void {
  const made = `${now.toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${availableParallelism()} cores.`;
  writeFileSync(REPORT_FILE, replaceSection(readFileSync(REPORT_FILE, 'utf8'), name, `${made}\n\n${markdown}`));
}

function replaceSection(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [at, until] = [text.indexOf(start), text.indexOf(end)];
  if (at < 0 || until < at) throw new Error(`There is no section ${start.trim()} … ${end}`);
  return `${text.slice(0, at)}${start}\n${content.trim()}\n\n${text.slice(until)}`;
}

/** Rows as a Markdown table, the first row its head. Bars in cells are escaped. */
export function toMarkdownTable(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`);
  const rule = `|${' --- |'.repeat(rows[0]?.length ?? 0)}`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}
