/*
 * The arrows: which room may import which, and why. A file is in the first room whose pattern matches its path. `packages` are all that
 * the room may import besides; without it, all packages and Node's own modules.
 */

const FORMATS = 'it is pure, and free of the terminal: the caller passes text and receives values';
const WIRING = 'src/wiring opens trackers and the relay, and is the only room that imports both';

export const ROOMS = [
  {
    name: 'core',
    files: /^src\/core\//,
    imports: ['core'],
    // Shapes of answers; addresses and ranges; version 5 of ids, which is a hash.
    packages: ['zod/mini', 'ipaddr.js', 'uuid'],
    why: 'the core is pure: the caller passes time, answers and settings',
  },
  { name: 'text', files: /^src\/text\//, imports: ['core', 'text'], packages: ['ipaddr.js', 'tldts'], why: FORMATS },
  {
    name: 'records',
    files: /^src\/records\//,
    imports: ['core', 'text', 'records'],
    packages: ['csv-parse/sync', 'htmlparser2', 'jsonc-parser', 'postal-mime'],
    why: FORMATS,
  },
  {
    name: 'documents',
    files: /^src\/documents\//,
    imports: ['core', 'text', 'documents'],
    packages: ['uuid'],
    why: FORMATS,
  },
  {
    name: 'exports',
    files: /^src\/exports\//,
    imports: ['core', 'text', 'documents', 'exports'],
    // MISP's feeds name values by a hash.
    packages: ['csv-stringify/sync', 'node:crypto', 'uuid'],
    why: FORMATS,
  },
  { name: 'files', files: /^src\/files\//, imports: ['core', 'files'], why: 'file helpers serve every room' },
  {
    name: 'settings',
    files: /^src\/config\.ts$/,
    imports: ['core', 'config'],
    packages: [],
    why: 'settings depend on the core alone',
  },
  {
    name: 'config',
    files: /^src\/config\/[^/]+\.ts$/,
    imports: ['core', 'config'],
    // Places in a settings file.
    packages: ['jsonc-parser'],
    why: 'settings depend on the core alone',
  },
  { name: 'tracker', files: /^src\/tracker\//, imports: ['core', 'files', 'tracker'], why: WIRING },
  {
    name: 'lambda',
    files: /^src\/relay\/lambda\//,
    imports: ['core', 'files', 'relay', 'lambda', 'settings', 'wiring', 'package.json'],
    why: 'the shell for AWS Lambda opens the relay through src/wiring',
  },
  {
    name: 'relay',
    files: /^src\/relay\//,
    imports: ['core', 'files', 'relay', 'settings'],
    why: 'the relay queries a tracker through the port src/core/lookups/tracker.ts; src/wiring passes one in',
  },
  {
    name: 'wiring',
    files: /^src\/wiring\//,
    imports: ['core', 'files', 'settings', 'tracker', 'relay', 'wiring'],
    why: 'the composition root imports the relay and every tracker, but not the terminal',
  },
  {
    name: 'entry',
    files: /^src\/entries\//,
    imports: ['cli', 'main', 'lambda', 'entry', 'package.json'],
    why: 'an entry starts the program and does nothing else',
    touchesProcess: true,
  },
  {
    name: 'main',
    files: /^src\/cli\/main\.ts$/,
    imports: ['core', 'files', 'settings', 'wiring', 'cli', 'package.json'],
    why: WIRING,
  },
  {
    name: 'cli',
    files: /^src\/cli\//,
    imports: ['core', 'text', 'records', 'documents', 'exports', 'files', 'settings', 'wiring', 'cli', 'package.json'],
    why: WIRING,
  },
  {
    name: 'deploy',
    files: /^deploy\//,
    imports: ['deploy', 'entry', 'main', 'package.json'],
    why: 'deployment depends on how the program starts, and on nothing else',
  },
  { name: 'package.json', files: /^package\.json$/, imports: [] },
];

/** Names that do not say what a file or a directory holds. */
export const DRAWERS = ['utils', 'util', 'helpers', 'helper', 'types', 'constants', 'common', 'misc', 'lib', 'index', 'base'];
