#!/usr/bin/env node
// As much of openssl as the pages' examples use, for machines that have none: rand -hex BYTES.
import { randomBytes } from 'node:crypto';

const [command, encoding, bytes] = process.argv.slice(2);
if (command !== 'rand' || encoding !== '-hex') throw new Error('only rand -hex is here');
process.stdout.write(`${randomBytes(Number(bytes)).toString('hex')}\n`);
