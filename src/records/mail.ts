import { extractObservables } from '../text/extract.ts';
import type { Head, Reading } from './format.ts';
import type { MailHeader } from './mail-headers.ts';
import { decodeHeader, isHeaderStart, parseHeaders } from './mail-headers.ts';
import { MBOX_START, MessageReader } from './mail-message.ts';
import { MailContext } from './mail-parts.ts';
import { unwrapInto } from './wrapped-url.ts';

const OF_MAIL = new Set(
  'from to subject received message-id mime-version return-path delivered-to reply-to x-mailer dkim-signature'.split(' '),
);
const ALSO_OF_MAIL = new Set(['date', 'content-type', 'cc', 'sender', 'in-reply-to', 'references']);
// What mail programs and servers write, and people who head their notes like a mail do not.
const OF_PROGRAMS =
  /^(?:received(?:-spf)?|message-id|mime-version|return-path|delivered-to|content-.+|(?:dkim|domainkey)-signature|authentication-results|arc-.+|list-.+|x-mailer)$/;

/** What a mail or mailbox is for people, where an input begins with the headers of a message. */
export function recogniseMail(head: Head): string | undefined {
  const [first = ''] = head.lines;
  if (MBOX_START.test(first)) return findMailHeaders(head.lines.slice(1)) ? 'mailbox' : undefined;
  const headers = findMailHeaders(head.lines);
  return headers && !isMemo(headers) ? 'mail' : undefined;
}

/** Whether the headers are notes that people wrote: as text, none of what they name is passed over. */
function isMemo(headers: readonly MailHeader[]): boolean {
  if (headers.some(({ name }) => OF_PROGRAMS.test(name))) return false;
  return headers.some(({ name, value }) => name !== 'subject' && extractObservables(decodeHeader(value)).found.length > 0);
}

/** The headers that an input begins with; undefined where they are not those of a mail. */
function findMailHeaders(lines: readonly string[]): readonly MailHeader[] | undefined {
  const blank = lines.findIndex((line) => line.trim() === '');
  const block = blank < 0 ? lines : lines.slice(0, blank);
  const [first = ''] = block;
  if (!isHeaderStart(first) || !block.every((line) => isHeaderStart(line) || /^[ \t]/.test(line))) return undefined;
  const headers = parseHeaders(block);
  // Notes on traffic have the same words before addresses.
  const counted = headers.filter(({ name, value }) => !/^(?:from|to): [\d.:/[\]()]+$/.test(`${name}: ${value}`));
  const names = new Set(counted.map(({ name }) => name));
  const certain = [...names].filter((name) => OF_MAIL.has(name)).length;
  const likely = [...names].filter((name) => ALSO_OF_MAIL.has(name) || name.startsWith('x-')).length;
  return certain > 0 && certain + likely >= 2 ? headers : undefined;
}

/** Adds the observables of a mail or mailbox: of its subjects and its parts of text, as they arrive. */
export async function readMail(chunks: AsyncIterable<Uint8Array>, reading: Reading): Promise<void> {
  const context = new MailContext(unwrapInto(reading));
  const message = new MessageReader(context);
  for await (const chunk of chunks) message.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  message.end();
  context.end();
}
