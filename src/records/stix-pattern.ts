import type { PatternToken } from './stix-tokens.ts';
import { createTokens } from './stix-tokens.ts';

/** A comparison of a STIX pattern whose constants are strings: `ipv4-addr:value IN ('192.0.2.1')`. */
export interface Comparison {
  /** Before the colon: `network-traffic`. */
  readonly objectType: string;
  /** Behind it, decoded, without indices: `['dst_ref', 'value']`. */
  readonly steps: readonly string[];
  /** `=`, `!=`, `<`, `<=`, `>`, `>=`, or a word in capitals: `IN`, `LIKE`. */
  readonly operator: string;
  readonly isNegated: boolean;
  /** Only the strings. */
  readonly values: readonly string[];
}

/** A pattern that does not parse. `message` says what was expected, and where. */
export class PatternError extends Error {}

const SPELLINGS = new Map([
  ['==', '='],
  ['<>', '!='],
]);
const SIGNS = ['=', '==', '!=', '<>', '<', '<=', '>', '>='];
const WORDS = ['IN', 'LIKE', 'MATCHES', 'ISSUBSET', 'ISSUPERSET'];

/** The comparisons of a STIX pattern (2.0 or 2.1), in order. Throws `PatternError`. No depth of brackets exhausts the stack. */
export function parsePattern(pattern: string): Comparison[] {
  return new PatternParser(pattern).parse();
}

class PatternParser {
  readonly #next: () => PatternToken;
  #token: PatternToken;
  readonly #comparisons: Comparison[] = [];
  readonly #open: string[] = [];
  #isInObservation = false;

  constructor(pattern: string) {
    this.#next = createTokens(pattern);
    this.#token = this.#next();
  }

  parse(): Comparison[] {
    do this.#parseOperand();
    while (this.#parseOperator());
    return this.#comparisons;
  }

  /** Brackets that open, then a comparison. */
  #parseOperand(): void {
    for (;;) {
      if (this.#takeSign('(')) this.#open.push(')');
      else if (!this.#isInObservation && this.#takeSign('[')) {
        this.#open.push(']');
        this.#isInObservation = true;
      } else break;
    }
    if (!this.#isInObservation) throw this.#expected('[');
    if (this.#takeWord('EXISTS')) this.#parsePath();
    else this.#comparisons.push(this.#parseComparison());
  }

  /** Brackets that close, with their qualifiers, then an operator; false at the end. */
  #parseOperator(): boolean {
    for (;;) {
      const closing = this.#open.at(-1);
      if (closing !== undefined && this.#takeSign(closing)) {
        this.#open.pop();
        if (closing === ']') this.#isInObservation = false;
        if (!this.#isInObservation) this.#parseQualifiers();
        continue;
      }
      if (this.#takeWord('AND') || this.#takeWord('OR')) return true;
      if (!this.#isInObservation && this.#takeWord('FOLLOWEDBY')) return true;
      if (closing === undefined && this.#token.kind === 'end') return false;
      throw this.#expected(closing === undefined ? 'an operator' : `an operator or ${closing}`);
    }
  }

  #parseQualifiers(): void {
    for (;;) {
      if (this.#takeWord('WITHIN')) this.#parseAmount('SECONDS');
      else if (this.#takeWord('REPEATS')) this.#parseAmount('TIMES');
      else if (this.#takeWord('START')) {
        this.#parseConstant();
        if (!this.#takeWord('STOP')) throw this.#expected('STOP');
        this.#parseConstant();
      } else return;
    }
  }

  #parseAmount(unit: string): void {
    if (this.#token.kind !== 'constant') throw this.#expected('a number');
    this.#advance();
    if (!this.#takeWord(unit)) throw this.#expected(unit);
  }

  #parseComparison(): Comparison {
    const path = this.#parsePath();
    const isNegated = this.#takeWord('NOT');
    const operator = this.#parseComparator();
    return { ...path, operator, isNegated, values: operator === 'IN' ? this.#parseSet() : this.#parseConstant() };
  }

  #parsePath(): Pick<Comparison, 'objectType' | 'steps'> {
    if (this.#token.kind !== 'word') throw this.#expected('a property');
    const objectType = this.#advance().text;
    if (!this.#takeSign(':')) throw this.#expected(':');
    const steps = [this.#parseStep()];
    for (;;) {
      if (this.#takeSign('.')) steps.push(this.#parseStep());
      else if (this.#takeSign('[')) {
        if (!this.#takeSign('*')) this.#parseConstant();
        if (!this.#takeSign(']')) throw this.#expected(']');
      } else return { objectType, steps };
    }
  }

  #parseStep(): string {
    if (this.#token.kind !== 'word' && this.#token.kind !== 'string') throw this.#expected('a property');
    return this.#advance().text;
  }

  #parseComparator(): string {
    const { kind, text } = this.#token;
    const operator = kind === 'word' ? text.toUpperCase() : text;
    const isKnown = kind === 'word' ? WORDS.includes(operator) : kind === 'sign' && SIGNS.includes(operator);
    if (!isKnown) throw this.#expected('a comparison');
    this.#advance();
    return SPELLINGS.get(operator) ?? operator;
  }

  #parseSet(): string[] {
    if (!this.#takeSign('(')) throw this.#expected('(');
    const values: string[] = [];
    if (this.#takeSign(')')) return values;
    do for (const value of this.#parseConstant()) values.push(value);
    while (this.#takeSign(','));
    if (!this.#takeSign(')')) throw this.#expected(', or )');
    return values;
  }

  /** A constant: a list of one when it is a string, else empty. */
  #parseConstant(): string[] {
    const { kind, text } = this.#token;
    if (kind !== 'string' && kind !== 'constant') throw this.#expected('a constant');
    this.#advance();
    return kind === 'string' ? [text] : [];
  }

  #advance(): PatternToken {
    const token = this.#token;
    this.#token = this.#next();
    return token;
  }

  #takeSign(text: string): boolean {
    if (this.#token.kind !== 'sign' || this.#token.text !== text) return false;
    this.#advance();
    return true;
  }

  #takeWord(text: string): boolean {
    if (this.#token.kind !== 'word' || this.#token.text.toUpperCase() !== text) return false;
    this.#advance();
    return true;
  }

  #expected(what: string): PatternError {
    return new PatternError(`expected ${what} at character ${this.#token.at + 1}`);
  }
}
