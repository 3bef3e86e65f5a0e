#!/usr/bin/env node
// The part of curl that the pages use, for machines without it: -s, -X METHOD, -H 'NAME: VALUE', --data TEXT|@FILE, -f, -S, --config - (only user = "NAME:PASSWORD"), URL.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean', short: 's' },
    request: { type: 'string', short: 'X' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    config: { type: 'string', short: 'K' },
    fail: { type: 'boolean', short: 'f' },
    'show-error': { type: 'boolean', short: 'S' },
    data: { type: 'string', short: 'd' },
  },
});
const [, user] = values.config === '-' ? (/^user = "(.*)"$/m.exec(readFileSync(0, 'utf8')) ?? []) : [];
const body = values.data?.startsWith('@') ? readFileSync(values.data.slice(1), 'utf8').replace(/[\r\n]/g, '') : values.data;
const response = await fetch(positionals[0] ?? '', {
  method: values.request ?? (body === undefined ? 'GET' : 'POST'),
  headers: {
    ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    ...(user === undefined ? {} : { authorization: `Basic ${Buffer.from(user).toString('base64')}` }),
    ...Object.fromEntries(
      values.header.map((header) => header.split(/:\s*(.*)/s).slice(0, 2)).map(([name, value]) => [name.toLowerCase(), value]),
    ),
  },
  ...(body === undefined ? {} : { body }),
});
if (values.fail && !response.ok) {
  process.stderr.write(`curl: (22) The requested URL returned error: ${response.status}\n`);
  process.exitCode = 22;
} else process.stdout.write(await response.text());
