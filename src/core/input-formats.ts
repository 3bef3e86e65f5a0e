/** The formats of input that a user can name, besides `auto`. */
export const INPUT_FORMATS = ['json', 'ndjson', 'csv', 'text', 'mail', 'html', 'stix', 'misp', 'zeek', 'cef', 'records'] as const;
export type InputFormat = (typeof INPUT_FORMATS)[number];
