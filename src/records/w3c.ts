import type { FieldRole } from './field-roles.ts';
import { roleOfName } from './field-roles.ts';
import type { Head, LineFormat, LineReader, Reading } from './format.ts';
import type { ReadTime } from './record-time.ts';
import { createTimeReader } from './record-time.ts';
import { addLine, addRecord } from './record-values.ts';

/** The extended log format of W3C: logs of IIS, Blue Coat's proxies, CloudFront and the firewall of Windows. */
export const w3c: LineFormat = {
  unit: 'event',
  isPrivate: true,
  recognise: recogniseW3c,
  open: openW3c,
};

const FIELDS_LINE = /^#Fields:\s+(\S+\s+\S.*)$/i;

function recogniseW3c({ lines }: Head): string | undefined {
  const row = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('#'));
  const directives = row === -1 ? lines : lines.slice(0, row);
  return directives.some((line) => FIELDS_LINE.test(line)) ? 'W3C log' : undefined;
}

/** What the last `#Fields:` says. */
interface Layout {
  readonly roles: readonly FieldRole[];
  readonly readTime: ReadTime;
}

function openW3c(reading: Reading): LineReader {
  let layout: Layout = { roles: [], readTime: () => undefined };
  return {
    read(lines, firstLine) {
      for (const [at, text] of lines.entries()) {
        if (text.startsWith('#')) layout = readDirective(text, layout);
        else if (text.trim() !== '') readRow(text, layout, reading, firstLine + at);
      }
    },
  };
}

function readDirective(text: string, layout: Layout): Layout {
  const names = FIELDS_LINE.exec(text)?.[1]?.trim().split(/\s+/);
  return names ? { roles: names.map(toRole), readTime: createTimeReader(names) } : layout;
}

/** `cs(Referer)` is a header of the request, and `s-port` the port of the server. */
function toRole(name: string): FieldRole {
  return name === 's-port' ? 'port' : roleOfName(name.replace(/[()]/g, ''));
}

const CELL = /"([^"]*)"|\S+/g;

function readRow(text: string, { roles, readTime }: Layout, reading: Reading, line: number): void {
  reading.count(1);
  const byTabs = text.split('\t');
  const cells = byTabs.length === roles.length ? byTabs : Array.from(text.matchAll(CELL), ([cell, quoted]) => quoted ?? cell);
  reading.at(line, () => (cells.length === roles.length ? readTime(cells) : undefined));
  if (cells.length === roles.length)
    addRecord(
      cells.map((value, at) => ({ role: roles[at] ?? 'text', value })),
      reading,
      line,
    );
  else addLine(text, reading, line);
}
