import { CctError } from '../core/errors.ts';
import { hasTooManyValues, parseJson } from '../core/json-text.ts';
import { cut, toVisible } from '../core/safe-text.ts';
import { csv } from './csv.ts';
import { findDocumentLines } from './document-lines.ts';
import type { FormatOptions, Head, LineFormat, Reading } from './format.ts';
import { findTooDeep } from './json-depth.ts';
import { jsonEvents } from './json-events.ts';
import { recogniseDocument } from './json-formats.ts';
import type { TextSink } from './mail-decoding.ts';
import type { MailContext } from './mail-parts.ts';
import { ownLines, typedLines } from './typed-lines.ts';
import { wrapReading } from './wrap-reading.ts';

// JSON of this size takes up to 100 times as much memory.
const MAX_CHARACTERS = 1 << 20;

/** Reads attached CSV or JSON as a file of its own; as text where it is larger than 1 MiB or of no such format. */
export class AttachedData implements TextSink {
  private readonly name: string;
  private readonly asText: TextSink;
  private readonly context: MailContext;
  private held: string[] = [];
  private heldLength = 0;

  /** The ending of `name` tells CSV, as that of a file does. */
  constructor(name: string, asText: TextSink, context: MailContext) {
    this.name = name;
    this.asText = asText;
    this.context = context;
  }

  write(text: string): void {
    this.held.push(text);
    this.heldLength += text.length;
    if (this.heldLength <= MAX_CHARACTERS) return;
    this.note(' is larger than 1 MiB: it was read as text');
    this.passHeld();
  }

  end(): void {
    if (this.heldLength > MAX_CHARACTERS || !this.readHeld()) this.passHeld();
    this.asText.end();
  }

  private passHeld(): void {
    for (const text of this.held) this.asText.write(text);
    this.held = [];
  }

  private readHeld(): boolean {
    try {
      return readData(this.held.join(''), this.name, this.openReading());
    } catch (thrown) {
      if (!(thrown instanceof CctError)) throw thrown;
      this.note(' is broken: it was read as text');
      return false;
    }
  }

  /** The lines of an attachment are not those of the mail, which is one record. */
  private openReading(): Reading {
    const { reading, line } = this.context;
    return wrapReading(reading, {
      name: this.name,
      at: () => undefined,
      passOver: (reason, text) => reading.passOver(reason, text, line),
      note: (message) => this.note(`: ${message}`),
      count: () => undefined,
    });
  }

  private note(message: string): void {
    this.context.noteOnce(`${cut(toVisible(this.name), 100)}${message}`);
  }
}

const NO_OPTIONS: FormatOptions = { columns: [], fields: [] };

/** Whether a text is of a known format. Throws `input` where it is broken. */
function readData(whole: string, name: string, reading: Reading): boolean {
  const text = whole.trimStart();
  const head: Head = { name, text, lines: text.split(/\r?\n/) };
  const format = formatsOf(head).find((candidate) => candidate.recognise(head, NO_OPTIONS) !== undefined);
  if (!format) return readDocument(text, reading);
  const reader = format.open(reading, NO_OPTIONS);
  reader.read(head.lines, 1);
  reader.end?.();
  return true;
}

function formatsOf(head: Head): readonly LineFormat[] {
  if (head.text.startsWith('[')) return [];
  if (!head.text.startsWith('{')) return [csv];
  const documents = findDocumentLines(head);
  return [typedLines, ownLines, ...(documents ? [documents.format] : []), jsonEvents];
}

function readDocument(text: string, reading: Reading): boolean {
  if (!/^[[{]/.test(text) || findTooDeep(text) !== -1 || hasTooManyValues(text)) return false;
  const document = parseJson(text);
  if (document === undefined) return false;
  recogniseDocument(document).format.read(document, reading);
  return true;
}
