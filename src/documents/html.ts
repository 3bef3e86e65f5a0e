import { formatCount, toAmount } from '../core/amount.ts';
import type { LedgerRow } from '../core/ledger/ledger.ts';
import { toVisible } from '../core/safe-text.ts';
import type { Column } from './columns.ts';
import { PAGE_SCRIPT } from './html-script.ts';
import { PAGE_STYLE } from './html-style.ts';
import type { ReadableOptions } from './readable.ts';
import { createReadableFormat } from './readable.ts';
import type { RowFormat } from './row-format.ts';
import type { RunFacts } from './run-facts.ts';
import { toCountLine, toEmptyText, toMinute, toSourceText } from './run-facts.ts';

export interface HtmlOptions extends ReadableOptions {
  /** SHA-256 of a text in base64, with which the page's CSP allows its own style and script. */
  readonly sha256: (text: string) => string;
}

/** A page for people that makes no requests: a table to filter, sort and copy from, readable without scripting. */
export function createHtmlFormat(options: HtmlOptions): RowFormat {
  return createReadableFormat(options, function* ({ facts, columns, rows }) {
    yield toHead(facts, options.sha256);
    yield toIntroduction(facts);
    if (rows.length === 0) yield `<p class="empty">${toHtml(toEmptyText(facts))}</p>\n`;
    else yield `${TOOLS}<table role="table">\n<caption>Observables</caption>\n${toHeadings(columns)}<tbody role="rowgroup">\n`;
    for (const row of rows) yield toRow(row, columns, options.isDefanged);
    yield `${rows.length === 0 ? '' : '</tbody>\n</table>\n'}</main>\n<script>${PAGE_SCRIPT}</script>\n</body>\n</html>\n`;
  });
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for use in an element or a quoted attribute. */
function toHtml(text: string): string {
  return toVisible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

function toHead(facts: RunFacts, sha256: (text: string) => string): string {
  const [style, script] = [PAGE_STYLE, PAGE_SCRIPT].map((text) => `'sha256-${sha256(text)}'`);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${style ?? ''}; script-src ${script ?? ''}; base-uri 'none'; form-action 'none'">
<title>${toHtml(toCountLine(facts))}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
`;
}

function toIntroduction(facts: RunFacts): string {
  const { counts, commandLine, madeAt, version } = facts;
  const total = toAmount(counts.listed + counts.unlisted + counts.skipped + counts.failed, 'observable');
  const shown = (['listed', 'unlisted', 'skipped', 'failed'] as const).map(
    (status) => `<li class="${status}"><strong>${formatCount(counts[status])}</strong> ${status}</li>\n`,
  );
  return `<h1>${formatCount(counts.listed)} listed of ${total}</h1>
<p class="soft">CyberCrime Tracker lists malware command-and-control panels.${counts.failed > 0 ? ' What failed has no answer: it may be listed.' : ''}</p>
<ul class="counts">
${shown.join('')}</ul>
<dl>
<dt>Command</dt><dd><code>${toHtml(commandLine)}</code></dd>
<dt>Source</dt><dd>${toHtml(toSourceText(facts))}</dd>
<dt>Made</dt><dd>${toHtml(`${toMinute(madeAt)} by cct ${version}`)}</dd>
</dl>
`;
}

const TOOLS = `<div class="tools" id="tools" hidden>
<label>Filter <input type="search" id="text" autocomplete="off" spellcheck="false"></label>
<label>Status <select id="status"><option value="">all</option></select></label>
<button type="button" id="copy-all">Copy values</button>
<label class="check"><input type="checkbox" id="real"> copy real values, not defanged</label>
<output id="said" aria-live="polite"></output>
</div>
`;

// Explicit roles: table elements lose theirs when displayed as blocks on a narrow screen.
function toHeadings(columns: readonly Column[]): string {
  const cells = columns.map(({ heading }) => `<th scope="col" role="columnheader">${toHtml(heading)}</th>`);
  return `<thead role="rowgroup"><tr role="row">${cells.join('')}</tr></thead>\n`;
}

function toRow(row: LedgerRow, columns: readonly Column[], isDefanged: boolean): string {
  const cells = columns.map((column) => toCell(row, column, isDefanged));
  return `<tr role="row" data-status="${row.status}">${cells.join('')}</tr>\n`;
}

function toClass({ status }: LedgerRow, { kind }: Column): string {
  if (kind === undefined) return '';
  return ` class="${kind === 'status' ? `status ${status}` : kind}"`;
}

// Longer texts get a scroll bar.
const MAX_HEIGHT_UNITS = 400;

function toCell(row: LedgerRow, column: Column, isDefanged: boolean): string {
  const text = column.toText(row, isDefanged);
  const open = `<td role="cell" data-heading="${toHtml(column.heading)}"${toClass(row, column)}>`;
  if (text === '') return `${open}</td>`;
  const long = text.length > MAX_HEIGHT_UNITS ? ' class="long" tabindex="0"' : '';
  if (column.kind === 'value')
    return `${open}<code dir="auto"${long} data-real="${toHtml(column.toText(row, false))}">${toHtml(text)}</code></td>`;
  return long === '' ? `${open}<bdi>${toHtml(text)}</bdi></td>` : `${open}<bdi${long}>${toHtml(text)}</bdi></td>`;
}
