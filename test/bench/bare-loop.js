// The least that a program does with a million observables: read lines, parse each, write a JSON object for each.
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const answeredAt = new Date().toISOString();
let text = '';
for await (const line of createInterface({ input: createReadStream(process.argv[2]), crlfDelay: Infinity })) {
  const { type, value } = JSON.parse(line);
  text += `${JSON.stringify({ observable: { type, value }, status: 'unlisted', source: 'snapshot', answered_at: answeredAt })}\n`;
  if (text.length < 65536) continue;
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  text = '';
}
process.stdout.write(text);
