#!/usr/bin/env node
// As much of curl as the pages' examples use, for machines that have none: -s, -X METHOD, -H 'NAME: VALUE', -u NAME:PASSWORD, --data TEXT|@FILE, URL.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean', short: 's' },
    request: { type: 'string', short: 'X' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    user: { type: 'string', short: 'u' },
    data: { type: 'string', short: 'd' },
  },
});
const body = values.data?.startsWith('@') ? readFileSync(values.data.slice(1), 'utf8').replace(/[\r\n]/g, '') : values.data;
const response = await fetch(positionals[0] ?? '', {
  method: values.request ?? (body === undefined ? 'GET' : 'POST'),
  headers: {
    ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    ...(values.user === undefined ? {} : { authorization: `Basic ${Buffer.from(values.user).toString('base64')}` }),
    ...Object.fromEntries(
      values.header.map((header) => header.split(/:\s*(.*)/s).slice(0, 2)).map(([name, value]) => [name.toLowerCase(), value]),
    ),
  },
  ...(body === undefined ? {} : { body }),
});
process.stdout.write(await response.text());
