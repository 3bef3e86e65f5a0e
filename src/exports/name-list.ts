import type { ExportFormat } from './export-format.ts';
import { toComments } from './header.ts';
import { collectNames, toLines } from './values.ts';

/** Creates a format with a line for each name, after the comments and `before`. */
export function createNameList(toLine: (name: string) => string, before: readonly string[] = []): ExportFormat {
  return {
    ...{ nouns: ['domain', 'domains'], isDirectory: false, isBlocking: true, isPublicOnly: true, resolved: 'never' },
    hasComments: true,
    write(selection, leftOut) {
      const { values, remarks } = collectNames(selection, leftOut);
      const render = (header: readonly string[]) => toComments(header) + toLines(before) + toLines(values.map(toLine));
      return { count: values.length, remarks, render };
    },
  };
}
