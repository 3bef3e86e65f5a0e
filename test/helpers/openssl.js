#!/usr/bin/env node
// The part of openssl that the pages use, for machines without it: rand -hex BYTES.
import { randomBytes } from 'node:crypto';

const [command, encoding, bytes] = process.argv.slice(2);
if (command !== 'rand' || encoding !== '-hex') throw new Error('only rand -hex is supported');
process.stdout.write(`${randomBytes(Number(bytes)).toString('hex')}\n`);
