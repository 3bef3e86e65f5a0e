/** One line of input, without its line break; the first is number 1. */
export interface Line {
  readonly text: string;
  readonly number: number;
}

/** Cuts blocks of text into lines, at LF or CRLF. */
export async function* toLines(blocks: AsyncIterable<string>): AsyncGenerator<Line> {
  let number = 0;
  let held: string[] = [];
  for await (const block of blocks) {
    const pieces = block.split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      held.push(piece);
      number += 1;
      yield { text: withoutReturn(held.join('')), number };
      held = [];
    }
    if (last !== '') held.push(last);
  }
  if (held.length > 0) yield { text: withoutReturn(held.join('')), number: number + 1 };
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
