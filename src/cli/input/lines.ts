/** Lines of input that follow one another, without their line breaks. */
export interface Lines {
  readonly texts: readonly string[];
  /** The number of the first of them; the first of the input is 1. */
  readonly firstNumber: number;
}

/** Cuts blocks of text into lines, at LF or CRLF; gives as many at a time as each block completes. */
export async function* toLines(blocks: AsyncIterable<string>): AsyncGenerator<Lines> {
  let firstNumber = 1;
  let held: string[] = [];
  for await (const block of blocks) {
    const texts = block.split('\n');
    const rest = texts.pop() ?? '';
    if (texts.length > 0) {
      texts[0] = held.join('') + (texts[0] ?? '');
      held = [];
      yield { texts: texts.map(withoutReturn), firstNumber };
      firstNumber += texts.length;
    }
    if (rest !== '') held.push(rest);
  }
  if (held.length > 0) yield { texts: [withoutReturn(held.join(''))], firstNumber };
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
