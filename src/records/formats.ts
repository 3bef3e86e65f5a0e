import { CctError } from '../core/errors.ts';
import type { InputFormat } from '../core/input-formats.ts';
import type { FormatOptions, Head, LineFormat, Reading } from './format.ts';
import type { ForcedJsonFormat } from './json-document.ts';

/* The registry of formats. To add one, write its file, and add its loader and its candidate here. */

/** The format of a document that was read. */
export interface ReadDocument {
  readonly title: string;
  readonly unit: string;
  readonly isPrivate: boolean;
}

/** How an input is read. */
export type Reader =
  | { readonly input: 'lines'; readonly title: string; readonly format: LineFormat; readonly isUtf8: boolean }
  | { readonly input: 'document'; readonly isUtf8: boolean; read(text: string, reading: Reading): Promise<ReadDocument> }
  | {
      readonly input: 'bytes';
      readonly title: string;
      readonly unit: string;
      readonly isPrivate: boolean;
      read(chunks: AsyncIterable<Buffer>, reading: Reading): Promise<void>;
    };

interface Candidate {
  /** A cheap test, so that a format's code is loaded only for likely input. */
  mayBe(head: Head, options: FormatOptions): boolean;
  open(head: Head, options: FormatOptions): Promise<Reader | undefined>;
}

type LoadLines = () => Promise<LineFormat>;

const loadTypedLines: LoadLines = async () => (await import('./typed-lines.ts')).typedLines;
const loadOwnLines: LoadLines = async () => (await import('./typed-lines.ts')).ownLines;
const loadEvents: LoadLines = async () => (await import('./json-events.ts')).jsonEvents;
const loadZeek: LoadLines = async () => (await import('./zeek.ts')).zeek;
const loadW3c: LoadLines = async () => (await import('./w3c.ts')).w3c;
const loadCef: LoadLines = async () => (await import('./cef.ts')).cef;
const loadCsv: LoadLines = async () => (await import('./csv.ts')).csv;
const loadText: LoadLines = async () => (await import('./text.ts')).text;

function lines(mayBe: Candidate['mayBe'], load: LoadLines, { isUtf8 = false } = {}): Candidate {
  return {
    mayBe,
    async open(head, options) {
      const format = await load();
      const title = format.recognise(head, options);
      return title === undefined ? undefined : { input: 'lines', title, format, isUtf8 };
    },
  };
}

const beginsWithObject = ({ text }: Head) => text.startsWith('{');
// Prose and logs begin with brackets too: `[2026-11-01 10:00] GET`, `[1] see`, `[[page]]`, `[] to do`.
const LITERAL = String.raw`(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)`;
const IN_ARRAY = String.raw`(?:${LITERAL}\s*,\s*)*(?:\{(?!\s*')|"|$|${LITERAL}\s*(?:$|\]\s*(?:$|[\],]))|\]\s*(?:$|[\],]))`;
const DOCUMENT = new RegExp(String.raw`^(?:\{\s*(?:"|$|\}\s*$)|\[[\s[]*${IN_ARRAY})`);

/** The first that recognises an input reads it. A new one goes before those that recognise more: CSV takes most lines with commas, text takes all. */
const CANDIDATES: readonly Candidate[] = [
  lines((_, { columns }) => columns.length > 0, loadCsv),
  lines((_, { fields }) => fields.length > 0, loadEvents, { isUtf8: true }),
  lines(beginsWithObject, loadTypedLines, { isUtf8: true }),
  lines(beginsWithObject, loadOwnLines, { isUtf8: true }),
  { mayBe: beginsWithObject, open: (head) => openDocumentLines(head) },
  lines(({ text }) => !text.startsWith('[') && /\{\s*"/.test(text), loadEvents, { isUtf8: true }),
  { mayBe: ({ text }) => DOCUMENT.test(text), open: () => Promise.resolve(jsonDocument()) },
  lines(({ text }) => text.startsWith('#'), loadZeek),
  lines(({ text }) => text.startsWith('#'), loadW3c),
  lines(({ text }) => /(?:CEF|LEEF):\s?\d/.test(text), loadCef),
  { mayBe: ({ text }) => /^(?:From |[\w-]+:)/.test(text), open: openMail },
  { mayBe: ({ text }) => text.startsWith('<'), open: openHtml },
  lines(({ name, text }) => /[,;\t|]/.test(text) || /\.[ct]sv(?:\.gz)?$/i.test(name), loadCsv),
  lines(() => true, loadText),
];

async function openDocumentLines(head: Head, forced?: 'stix' | 'misp'): Promise<Reader | undefined> {
  const { findDocumentLines } = await import('./document-lines.ts');
  const found = findDocumentLines(head, forced);
  return found && { input: 'lines', ...found, isUtf8: true };
}

function jsonDocument(forced?: ForcedJsonFormat): Reader {
  return {
    input: 'document',
    isUtf8: true,
    async read(text, reading) {
      const { readJsonDocument } = await import('./json-document.ts');
      const { title, format } = await readJsonDocument(text, reading, forced === undefined ? {} : { forced });
      return { title, unit: format.unit, isPrivate: format.isPrivate };
    },
  };
}

async function openMail(head: Head): Promise<Reader | undefined> {
  const title = (await import('./mail.ts')).recogniseMail(head);
  return title === undefined ? undefined : mail(title);
}

function mail(title: string): Reader {
  return {
    input: 'bytes',
    title,
    unit: 'message',
    isPrivate: true,
    read: async (chunks, reading) => (await import('./mail.ts')).readMail(chunks, reading),
  };
}

async function openHtml(head: Head): Promise<Reader | undefined> {
  return (await import('./html.ts')).recogniseHtml(head) === undefined ? undefined : html();
}

function html(): Reader {
  return {
    input: 'document',
    isUtf8: false,
    async read(text, reading) {
      const { readHtml } = await import('./html.ts');
      readHtml(text, reading);
      return { title: 'HTML', unit: 'page', isPrivate: false };
    },
  };
}

/** The reader of an input, by its content or as the forced format. Rejects with `input` if `--field` cannot apply. */
export async function chooseReader(head: Head, options: FormatOptions, forced: InputFormat | 'auto'): Promise<Reader> {
  if (forced !== 'auto') return openForced(forced, head, options);
  for (const candidate of CANDIDATES) {
    const reader = candidate.mayBe(head, options) ? await candidate.open(head, options) : undefined;
    if (reader && options.fields.length > 0 && !readsFields(reader)) {
      throw new CctError('input', `${head.name}: --field needs JSON lines: omit it${toLinesAdvice(head)}`);
    }
    if (reader) return reader;
  }
  throw new CctError('internal', `${head.name}: no format`);
}

/** An array on one line has no fields. */
function toLinesAdvice({ text }: Head): string {
  return DOCUMENT.test(text) ? `, or make them with jq -c ${text.startsWith('[') ? "'.[]'" : '.'}` : '';
}

function readsFields(reader: Reader): boolean {
  return reader.input === 'lines' && reader.format.readsFields === true;
}

async function openForced(forced: InputFormat, head: Head, options: FormatOptions): Promise<Reader> {
  const open = async (title: string, load: LoadLines, isUtf8 = false): Promise<Reader> => {
    const format = await load();
    return { input: 'lines', title: format.recognise(head, options) ?? title, format, isUtf8 };
  };
  switch (forced) {
    case 'ndjson':
      return open('typed observables', loadOwnLines, true);
    case 'csv':
      return open('csv', loadCsv);
    case 'text':
      return open('text', loadText);
    case 'zeek':
      return open('Zeek', loadZeek);
    case 'cef':
      return open('CEF', loadCef);
    case 'mail':
      return mail('mail');
    case 'html':
      return html();
    case 'records': {
      const events = await loadEvents();
      const title = events.recognise(head, options);
      return title === undefined ? jsonDocument('records') : { input: 'lines', title, format: events, isUtf8: true };
    }
    case 'stix':
    case 'misp':
      return (await openDocumentLines(head, forced)) ?? jsonDocument(forced);
    case 'json':
      return jsonDocument(forced);
  }
}
