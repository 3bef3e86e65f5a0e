import type { ExportFormat } from './export-format.ts';
import { toComments } from './header.ts';
import { collectAddresses, toLines } from './values.ts';

/** A plain list of IPv4 addresses. */
export const ipFormat: ExportFormat = {
  ...{ nouns: ['address', 'addresses'], isFolder: false, isBlocking: true, isPublicOnly: true, resolved: 'asked' },
  hasComments: true,
  write(selection, leftOut) {
    const { values, remarks } = collectAddresses(selection, leftOut);
    return { count: values.length, remarks, render: (header) => toComments(header) + toLines(values) };
  },
};
