import { COLLECTIONS } from './ctim.ts';
import { findTooDeep } from './json-depth.ts';

/* What to do about an input that is refused: the ends of messages. */

export const AS_TEXT = 'read it as text with --input-format text';
export const LEAVE_OUT_FORMAT = 'Leave --input-format out';
/** About a wrong item of typed observables. */
export const CORRECT_ITEM = 'Correct it, or read all strings with --input-format records';
export const CORRECT_LINE = 'Correct the line, or read all strings with --input-format records';
export const CORRECT_ROW = 'Correct the row, or read each cell as text with --input-format text';

const LOOKED_AT = 64 * 1024;
const PLAIN_KEY = /^[A-Za-z_]\w*$/;
const IN_EVENT = '.Attribute[]?, .Object[]?';
const IN_BUNDLE = COLLECTIONS.map((collection) => `.${collection}[]?`).join(', ');

/** How to split a JSON document that begins so: into one object a line. */
export async function toSplitAdvice(document: string): Promise<string> {
  const filter = await toFilter(document.slice(0, LOOKED_AT).trimStart());
  return filter === undefined ? AS_TEXT : `write one JSON object per line (jq -c '${filter}')`;
}

async function toFilter(head: string): Promise<string | undefined> {
  if (head.startsWith('[')) return '.[]';
  if (/^\{\s*"Event"\s*:\s*\{/.test(head)) return `.Event | ${IN_EVENT}`;
  const path = findTooDeep(head) === -1 ? await findList(head) : [];
  const [first = ''] = path;
  if (['Attribute', 'Object', 'Tag', 'Galaxy'].includes(first)) return IN_EVENT;
  if (COLLECTIONS.includes(first)) return IN_BUNDLE;
  return first !== '' && path.every((key) => PLAIN_KEY.test(key)) ? `${path.map((key) => `.${key}`).join('')}[]` : undefined;
}

class FoundList extends Error {
  readonly path: readonly string[];

  constructor(path: readonly string[]) {
    super();
    this.path = path;
  }
}

/** The keys on the way to the first array that holds objects. */
async function findList(head: string): Promise<readonly string[]> {
  const { visit } = await import('jsonc-parser');
  try {
    // Thrown to stop.
    const onObjectBegin = (
      _offset: number,
      _length: number,
      _line: number,
      _column: number,
      toPath: () => (string | number)[],
    ) => {
      const path = toPath();
      const index = path.findIndex((part) => typeof part === 'number');
      if (index !== -1) throw new FoundList(path.slice(0, index).map(String));
    };
    visit(head, { onObjectBegin });
  } catch (thrown) {
    if (thrown instanceof FoundList) return thrown.path;
    throw thrown;
  }
  return [];
}
