import { parseDocument } from 'htmlparser2';
import { Lexer } from 'marked';
import type { Token, Tokens } from 'marked';

/** A parsed table: its cells as text, and what else than text and code is in it. */
export interface ReadTable {
  readonly cells: readonly (readonly string[])[];
  readonly others: readonly string[];
  /** The text before it. */
  readonly before: string;
}

/** A document in Markdown as a GFM parser reads it, links found in plain text included. */
export function readMarkdown(text: string): ReadTable {
  const tokens = new Lexer({ gfm: true }).lex(text);
  const table = tokens.find((token): token is Tokens.Table => token.type === 'table');
  if (!table) throw new Error('there is no table');
  const all = [table.header, ...table.rows].map((row) => row.map(({ tokens: inline }) => inline));
  return {
    cells: all.map((row) => row.map((inline) => inline.map(textOf).join(''))),
    others: [...all.flat(2).map(({ type }) => type), ...tokens.map(({ type }) => `block ${type}`)].filter(
      (type) => !['text', 'codespan', 'escape', 'block table', 'block paragraph', 'block space'].includes(type),
    ),
    before: tokens
      .filter(({ type }) => type === 'paragraph')
      .map(({ raw }) => raw)
      .join('\n'),
  };
}

function textOf(token: Token): string {
  // Entities are decoded where HTML is made of it; in code they are text.
  if (token.type === 'codespan') return (token as Tokens.Codespan).text;
  return token.raw.replace(/&#(\d+);/g, (_entity, code: string) => String.fromCharCode(Number(code)));
}

interface HtmlNode {
  readonly type: string;
  readonly name?: string;
  readonly data?: string;
  readonly attribs?: Readonly<Record<string, string>>;
  readonly children?: readonly HtmlNode[];
}

/** An element of a page. */
export interface ReadElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly ReadElement[];
}

/** All elements of a page, in order. */
export function readHtml(text: string): ReadElement[] {
  return toElements(parseDocument(text).children as unknown as readonly HtmlNode[]).flatMap(withDescendants);
}

function toElements(nodes: readonly HtmlNode[]): ReadElement[] {
  return nodes
    .filter(({ name }) => name !== undefined && !name.startsWith('!'))
    .map(({ name = '', attribs = {}, children = [] }) => {
      return { name, attributes: attribs, text: children.map(textIn).join(''), children: toElements(children) };
    });
}

function textIn({ type, data = '', children = [] }: HtmlNode): string {
  return type === 'text' ? data : children.map(textIn).join('');
}

function withDescendants(element: ReadElement): ReadElement[] {
  return [element, ...element.children.flatMap(withDescendants)];
}

/** The cells of the table of a page, the headings first. */
export function cellsOf(elements: readonly ReadElement[]): string[][] {
  return elements.filter(({ name }) => name === 'tr').map(({ children }) => children.map(({ text }) => text));
}
