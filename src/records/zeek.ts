import type { FieldRole } from './field-roles.ts';
import { roleOfPath } from './field-roles.ts';
import { toPlainName } from './type-names.ts';
import type { Head, LineFormat, LineReader, Reading } from './format.ts';
import { LimitedNotes } from './limited-notes.ts';
import type { FieldValue } from './url-fields.ts';
import { addRecord } from './record-values.ts';
import type { ReadTime } from './record-time.ts';
import { createTimeReader } from './record-time.ts';
import { searchText } from './search.ts';

/** Logs and intelligence files of Zeek, with tabs or another separator. */
export const zeek: LineFormat = {
  unit: 'event',
  isPrivate: true,
  recognise: recogniseZeek,
  open: openZeek,
};

const SEPARATOR_LINE = /^#separator\s+(\S+)\s*$/;

function recogniseZeek({ lines }: Head): string | undefined {
  const first = lines.find((line) => line.trim() !== '') ?? '';
  if (SEPARATOR_LINE.test(first)) return 'Zeek TSV';
  // Comments stand before the fields of an intelligence file.
  const fields = lines.find((line) => line.trim() !== '' && !/^#(?!fields)/.test(line)) ?? '';
  return fields.startsWith('#fields\t') ? 'Zeek TSV' : undefined;
}

interface Column {
  readonly role: FieldRole;
  readonly isSet: boolean;
}

/** What the lines at the top of a log say; they may come again. */
interface Layout {
  separator: string;
  setSeparator: string;
  unset: string;
  empty: string;
  columns: readonly Column[];
  readTime: ReadTime;
}

const DEFAULTS: Layout = {
  separator: '\t',
  setSeparator: ',',
  unset: '-',
  empty: '(empty)',
  columns: [],
  readTime: () => undefined,
};

function openZeek(reading: Reading): LineReader {
  const notes = new LimitedNotes(reading, 'line that is cut', 'lines that are cut');
  let layout = { ...DEFAULTS };
  return {
    read(lines, firstLine) {
      for (const [at, given] of lines.entries()) {
        const text = given.replace(/\r$/, '');
        if (text.trim() === '') continue;
        if (text.startsWith('#')) layout = readDirective(text, layout);
        else readRow(text, layout, { reading, line: firstLine + at, notes });
      }
    },
    end() {
      notes.end();
    },
  };
}

function readDirective(text: string, layout: Layout): Layout {
  const separator = SEPARATOR_LINE.exec(text)?.[1];
  if (separator !== undefined) return { ...DEFAULTS, separator: unescapeZeek(separator) };
  const [key = '', ...values] = text.split(layout.separator);
  const [value = ''] = values;
  switch (key) {
    case '#set_separator':
      return { ...layout, setSeparator: unescapeZeek(value) || ',' };
    case '#empty_field':
      return { ...layout, empty: value };
    case '#unset_field':
      return { ...layout, unset: value };
    case '#fields':
      return { ...layout, columns: values.map(toColumn), readTime: createTimeReader(values) };
    case '#types':
      return {
        ...layout,
        columns: layout.columns.map(({ role }, at) => ({ role, isSet: /^(?:set|vector)\[/.test(values[at] ?? '') })),
      };
    default:
      return layout;
  }
}

function toColumn(name: string): Column {
  const role = roleOfPath(name.split('.').map(toPlainName));
  return { role, isSet: toPlainName(name) === 'answers' };
}

interface Place {
  readonly reading: Reading;
  readonly line: number;
  readonly notes: LimitedNotes;
}

function readRow(text: string, layout: Layout, { reading, line, notes }: Place): void {
  if (layout.columns.length === 0) {
    reading.at(line);
    searchText(text, reading, line);
    return;
  }
  reading.count(1);
  const cells = text.split(layout.separator);
  reading.at(line, () => layout.readTime(cells));
  if (cells.length < layout.columns.length) {
    notes.add('the line is cut: its last field is left out', line);
    cells.pop();
  }
  const values: FieldValue[] = [];
  for (const [at, cell] of cells.entries()) {
    if (cell === layout.unset || cell === layout.empty || cell === '') continue;
    const { role, isSet } = layout.columns[at] ?? { role: 'text', isSet: false };
    const parts = isSet ? cell.split(layout.setSeparator) : [cell];
    for (const part of parts) {
      if (part !== layout.unset && part !== layout.empty) values.push({ role, value: unescapeZeek(part) });
    }
  }
  addRecord(values, reading, line);
}

const ESCAPES = /\\\\|(?:\\x[0-9a-f]{2})+/gi;

/** The text of a field: `\xNN` is a byte of UTF-8. */
export function unescapeZeek(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPES, (escape) => (escape === '\\\\' ? '\\' : decodeBytes(escape)));
}

function decodeBytes(escape: string): string {
  const bytes = Uint8Array.from(escape.slice(2).split(/\\x/i), (digits) => Number.parseInt(digits, 16));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
