import type { Head, Reading } from './format.ts';
import { isHeaderStart, parseHeaders } from './mail-headers.ts';
import { MessageReader } from './mail-message.ts';
import { MailContext } from './mail-parts.ts';
import { unwrapInto } from './wrapped-url.ts';

const OF_MAIL = new Set(
  'from to subject received message-id mime-version return-path delivered-to reply-to x-mailer dkim-signature'.split(' '),
);
const ALSO_OF_MAIL = new Set(['date', 'content-type', 'cc', 'sender', 'in-reply-to', 'references']);
const MBOX_START = /^From \S.*\d:\d\d/;

/** What a mail or mailbox is for people, where an input begins with the headers of a message. */
export function recogniseMail(head: Head): string | undefined {
  const [first = ''] = head.lines;
  if (MBOX_START.test(first)) return hasMailHeaders(head.lines.slice(1)) ? 'mailbox' : undefined;
  return hasMailHeaders(head.lines) ? 'mail' : undefined;
}

function hasMailHeaders(lines: readonly string[]): boolean {
  const blank = lines.findIndex((line) => line.trim() === '');
  const block = blank < 0 ? lines : lines.slice(0, blank);
  const [first = ''] = block;
  if (!isHeaderStart(first) || !block.every((line) => isHeaderStart(line) || /^[ \t]/.test(line))) return false;
  // Notes on traffic have the same words before addresses.
  const headers = parseHeaders(block).filter(({ name, value }) => !/^(?:from|to): [\d.:/[\]()]+$/.test(`${name}: ${value}`));
  const names = new Set(headers.map(({ name }) => name));
  const certain = [...names].filter((name) => OF_MAIL.has(name)).length;
  const likely = [...names].filter((name) => ALSO_OF_MAIL.has(name) || name.startsWith('x-')).length;
  return certain > 0 && certain + likely >= 2;
}

/** Adds the observables of a mail or mailbox: of its subjects and its parts of text, as they arrive. */
export async function readMail(chunks: AsyncIterable<Uint8Array>, reading: Reading): Promise<void> {
  const context = new MailContext(unwrapInto(reading));
  const message = new MessageReader(context);
  for await (const chunk of chunks) message.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  message.end();
  context.end();
}
