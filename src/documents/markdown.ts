import { toVisible } from '../core/safe-text.ts';
import { toCells } from './columns.ts';
import type { ReadableOptions } from './readable.ts';
import { createReadableFormat } from './readable.ts';
import type { RowFormat } from './row-format.ts';
import { toCountLine, toEmptyText, toMinute, toSourceText } from './run-facts.ts';

/** A table in GitHub Flavored Markdown, below a line with counts and a line about the source. */
export function createMarkdownFormat(options: ReadableOptions): RowFormat {
  return createReadableFormat(options, function* ({ facts, columns, rows }) {
    yield `${toCountLine(facts)}\n`;
    yield `CyberCrime Tracker: ${toSourceText(facts)}; made ${toMinute(facts.madeAt)} by cct ${facts.version}\n\n`;
    if (rows.length === 0) yield `${toEmptyText(facts)}\n\n`;
    yield toLine(columns.map(({ heading }) => toMarkdown(heading)));
    yield toLine(columns.map(() => '---'));
    for (const row of rows) yield toLine(toCells(row, columns, options.isDefanged).map(toMarkdown));
  });
}

function toLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

// Words and dates, which cannot contain Markdown, mentions or references.
const PLAIN = /^(?:[a-z]+(?: [a-z]+)*|\d{4}-\d\d-\d\d)?$/i;

/**
 * Writes any text as one cell. Only code spans prevent mentions, references, emoji and links; renderers still find them in escaped text and
 * entities. Characters that would end a cell or a span, or begin a Jira macro, are written as entities between spans.
 */
function toMarkdown(text: string): string {
  const visible = toVisible(text);
  if (PLAIN.test(visible)) return visible;
  return visible.replace(/([|`!{}]+)|[^|`!{}]+/g, (piece, special?: string) => {
    if (special !== undefined) return special.replace(/./g, (character) => `&#${character.charCodeAt(0)};`);
    // Renderers strip one blank from both ends of a span.
    return /^ .*[^ ].* $/.test(piece) ? `\` ${piece} \`` : `\`${piece}\``;
  });
}
