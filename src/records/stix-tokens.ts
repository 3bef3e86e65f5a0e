/** A token of a STIX pattern. `text` of a string is decoded; that of a word or sign is as written. */
export interface PatternToken {
  readonly kind: 'string' | 'constant' | 'word' | 'sign' | 'unknown' | 'end';
  readonly text: string;
  /** Offset in the pattern. */
  readonly at: number;
}

const BLANK = /\s+|\/\/[^\n]*|\/\*[^]*?\*\//y;
// Before the quote of a timestamp, or of hexadecimal or base64 bytes: no string, although it looks like one.
const MARK = /[thb](?=')/y;
const NUMBER = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w])/y;
const WORD = /[a-z_][\w-]*/iy;
const SIGN = /==|!=|<>|<=|>=|[=<>[\](),:.*]/y;

/** Splits a STIX pattern as it is read. The last token is `end`; where nothing fits, `unknown`. Takes linear time. */
export function createTokens(pattern: string): () => PatternToken {
  let at = 0;
  const take = (rule: RegExp): string | undefined => {
    rule.lastIndex = at;
    const text = rule.exec(pattern)?.[0];
    at += text?.length ?? 0;
    return text;
  };
  return () => {
    while (take(BLANK) !== undefined);
    const start = at;
    if (start >= pattern.length) return { kind: 'end', text: '', at: start };
    const kind = take(MARK) === undefined ? 'string' : 'constant';
    if (pattern[at] === "'") {
      const string = readString(pattern, at);
      if (string === undefined) return { kind: 'unknown', text: "'", at: start };
      at = string.end;
      return { kind, text: string.text, at: start };
    }
    const number = take(NUMBER);
    if (number !== undefined) return { kind: 'constant', text: number, at: start };
    const word = take(WORD);
    if (word !== undefined) return { kind: /^(?:true|false)$/i.test(word) ? 'constant' : 'word', text: word, at: start };
    const sign = take(SIGN);
    return { kind: sign === undefined ? 'unknown' : 'sign', text: sign ?? pattern.charAt(start), at: start };
  };
}

/** The string whose quote is at `start`: `\'` and `\\` are escapes, any other backslash is kept. */
function readString(pattern: string, start: number): { readonly text: string; readonly end: number } | undefined {
  let text = '';
  let from = start + 1;
  for (let at = from; at < pattern.length; at += 1) {
    const character = pattern[at];
    if (character === "'") return { text: text + pattern.slice(from, at), end: at + 1 };
    if (character !== '\\') continue;
    const escaped = pattern[at + 1];
    if (escaped === "'" || escaped === '\\') {
      text += pattern.slice(from, at);
      from = at + 1;
    }
    at += 1;
  }
  return undefined;
}
