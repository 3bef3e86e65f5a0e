import { cut, toVisible } from '../core/safe-text.ts';
import type { Reading } from './format.ts';
import type { MailHeader } from './mail-headers.ts';
import { decodeHeader } from './mail-headers.ts';
import { searchText } from './search.ts';
import { passingOver } from './wrap-reading.ts';

/** The state that the parts of one input share. */
export class MailContext {
  /** The number of the line that is being read. */
  line = 0;
  readonly reading: Reading;
  private readonly unread: string[] = [];
  private unreadCount = 0;

  constructor(reading: Reading) {
    this.reading = reading;
  }

  /** Reports once what may hold for many parts, at the line that is read. */
  noteOnce(message: string): void {
    this.reading.noteOnce(message, this.line);
  }

  passUnread(name: string): void {
    this.unreadCount += 1;
    if (this.unread.length < MAX_NAMES) this.unread.push(cut(toVisible(name), 100));
  }

  /** Names the attachments that were not read. */
  end(): void {
    const count = this.unreadCount;
    if (count === 0) return;
    const more = count > MAX_NAMES ? ` and ${(count - MAX_NAMES).toLocaleString('en-US')} more` : '';
    const what = count === 1 ? '1 attachment was' : `${count.toLocaleString('en-US')} attachments were`;
    this.reading.note(`${what} not read: ${this.unread.join(', ')}${more}`);
  }
}

const MAX_NAMES = 10;

/** What a part is, as far as it can be read. */
export type PartKind = 'text' | 'html' | 'message' | 'headers' | 'data';

// Reports on a delivery; those of abuse (`message/feedback-report`) name what is reported.
const HEADERS_TYPE =
  /^(?:text\/rfc822-headers|message\/(?:global-headers|(?:global-)?(?:delivery-status|disposition-notification)))$/;
const HTML_TYPE = /^(?:text\/html|application\/xhtml\+xml|image\/svg\+xml)$/;
const DATA_TYPE = /^(?:text|application)\/(?:(?:x-)?(?:csv|ndjson)|tab-separated-values)$|[/+]json$/;
const DATA_NAME = /\.(?:[ct]sv|json|ndjson|jsonl)$/i;
const TEXT_TYPE =
  /^(?:text\/|message\/|application\/(?:javascript|ecmascript|x-javascript|x-yaml|ics|x-sh|sql|x-mswinurl|internet-shortcut)$)|[/+](?:xml|yaml)$/;
const HTML_NAME = /\.(?:x?html?|shtml|svg|hta)$/i;
const TEXT_NAME = /\.(?:txt|text|log|xml|yaml|yml|md|ics|vcf|url|js|mjs|jse|vbs|vbe|ps1|psm1|bat|cmd|sh|py|php|ini|conf|rtf)$/i;

/** How a part is read, by its type and file name; undefined for a binary one. */
export function findKind(type: string, name: string): PartKind | undefined {
  if (type === 'message/rfc822' || type === 'message/global' || /\.eml$/i.test(name)) return 'message';
  if (HEADERS_TYPE.test(type)) return 'headers';
  if (HTML_TYPE.test(type) || HTML_NAME.test(name)) return 'html';
  if (DATA_TYPE.test(type) || DATA_NAME.test(name)) return 'data';
  // A type without a slash is invalid, and text is the default.
  return TEXT_TYPE.test(type) || TEXT_NAME.test(name) || !type.includes('/') ? 'text' : undefined;
}

// They name a part's type and its file.
const OF_PARTS = new Set(['content-type', 'content-disposition']);

/** Searches a subject, and passes over what other headers hold. */
export function passHeader({ name, value }: MailHeader, isMessage: boolean, { reading, line }: MailContext): void {
  if (OF_PARTS.has(name)) return;
  const text = decodeHeader(value);
  if (isMessage && name === 'subject') searchText(text, reading, line);
  else if (/[.:]/.test(text)) searchText(text, passingOver(reading, 'mail header', line), line);
}
