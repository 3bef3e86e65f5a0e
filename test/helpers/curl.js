#!/usr/bin/env node
// As much of curl as the README's examples use, for machines that have none: -s, -X METHOD, -H 'NAME: VALUE', --data TEXT|@FILE, URL.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean', short: 's' },
    request: { type: 'string', short: 'X' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    data: { type: 'string', short: 'd' },
  },
});
const body = values.data?.startsWith('@') ? readFileSync(values.data.slice(1), 'utf8').replace(/[\r\n]/g, '') : values.data;
const response = await fetch(positionals[0] ?? '', {
  method: values.request ?? (body === undefined ? 'GET' : 'POST'),
  headers: values.header.map((header) => header.split(/:\s*(.*)/s).slice(0, 2)),
  ...(body === undefined ? {} : { body }),
});
process.stdout.write(await response.text());
