import type { ExportFormat } from './export-format.ts';
import { toComments } from './header.ts';
import { collectAddresses } from './values.ts';

/** Creates a format of addresses, which `toText` writes after the comments. */
export function createAddressList(toText: (addresses: readonly string[]) => string): ExportFormat {
  return {
    ...{ nouns: ['address', 'addresses'], isDirectory: false, isBlocking: true, isPublicOnly: true, resolved: 'asked' },
    hasComments: true,
    write(selection, leftOut) {
      const { values, remarks } = collectAddresses(selection, leftOut);
      return { count: values.length, remarks, render: (header) => toComments(header) + toText(values) };
    },
  };
}
