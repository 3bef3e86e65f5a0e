#!/usr/bin/env node
// jq compiled to WebAssembly, for machines without it.
import { text } from 'node:stream/consumers';
import { raw } from 'jq-wasm';

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith('-'));
const [filter = '.'] = args.filter((arg) => !arg.startsWith('-'));
process.stdout.write(`${(await raw(await text(process.stdin), filter, flags)).trimEnd()}\n`);
