/** Regular expressions that match in time linear in the text. */
export interface PatternSet {
  /** The number of instructions that an expression compiles to. Throws if it is not supported. */
  measure(pattern: string): number;
  add(pattern: string): void;
  /** Whether any of them matches a part of the text. */
  matches(text: string): boolean;
}

/** The maximum length of an expression. */
export const MAX_PATTERN_LENGTH = 1000;
// Each character of a text may cost as many steps as a list has instructions.
const MAX_PATTERN_SIZE = 1000;
const MAX_LIST_SIZE = 10_000;
// A value of megabytes must not stall a run.
const MAX_TEXT_LENGTH = 10_000;

/** Whether an expression of a set matches a text of at most 10,000 characters; longer ones are not compared. */
export function matchesPattern(patterns: PatternSet, text: string): boolean {
  return text.length <= MAX_TEXT_LENGTH && patterns.matches(text);
}

/** Adds the entries of one list to a set. The returned function adds an entry; it returns the reason if the entry was left out. */
export function createPatternReader(patterns: PatternSet): (entry: string) => string | undefined {
  let size = 0;
  return (entry) => {
    if (entry.length > MAX_PATTERN_LENGTH) return 'too long';
    const pattern = toPattern(entry);
    if (pattern === null) return 'flags that are not supported';
    if (hasNestedRepetition(pattern)) return 'nested repetition';
    if (size >= MAX_LIST_SIZE) return 'too many expressions';
    const measured = tryToMeasure(patterns, pattern);
    if (measured === null) return 'not supported';
    // A rejected expression counts too: compiling it took time.
    size += Math.min(measured, MAX_PATTERN_SIZE);
    if (measured > MAX_PATTERN_SIZE) return 'too large';
    patterns.add(pattern);
    return undefined;
  };
}

function tryToMeasure(patterns: PatternSet, pattern: string): number | null {
  try {
    return patterns.measure(pattern);
  } catch {
    return null;
  }
}

// `/pattern/flags`, as PHP and JavaScript have it. The flags g, u and D change nothing here.
const DELIMITED = /^\/(.*)\/([a-zA-Z]*)$/s;

function toPattern(entry: string): string | null {
  const [, inner, flags = ''] = DELIMITED.exec(entry) ?? [];
  if (inner === undefined) return entry;
  if (!/^[gimsuD]*$/.test(flags)) return null;
  const kept = [...new Set(flags.replace(/[guD]/g, ''))].join('');
  return kept === '' ? inner : `(?${kept})${inner}`;
}

// An escape, a class, a parenthesis, or an unbounded repetition.
const TOKEN = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()]|[*+]|\{\d+,\}/gs;
const ENDLESS = /^(?:[*+]|\{\d+,\})/;

/** Whether an unbounded repetition contains another: backtracking engines can take exponential time. */
function hasNestedRepetition(pattern: string): boolean {
  const outer: boolean[] = [];
  let isRepeating = false;
  for (const { 0: token, index } of pattern.matchAll(TOKEN)) {
    if (token === '(') {
      outer.push(isRepeating);
      isRepeating = false;
    } else if (token === ')') {
      if (isRepeating && ENDLESS.test(pattern.slice(index + 1, index + 16))) return true;
      isRepeating = outer.pop() === true || isRepeating;
    } else if (ENDLESS.test(token)) isRepeating = true;
  }
  return false;
}
