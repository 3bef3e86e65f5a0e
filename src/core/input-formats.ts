/** The input formats that a user can name, in addition to `auto`. */
export const INPUT_FORMATS = ['json', 'ndjson', 'csv', 'text', 'mail', 'html', 'stix', 'misp', 'zeek', 'cef', 'records'] as const;
export type InputFormat = (typeof INPUT_FORMATS)[number];
