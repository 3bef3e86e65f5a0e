/*
 * The arrows: which room may import which, and why. A file is in the first room whose pattern matches its path. `packages` are all that
 * the room may import besides; without it, all packages and Node's own modules.
 */

const SETTINGS = 'the settings are read through src/config.ts alone';
const TRACKERS = 'a tracker serves any caller: src/cli/open-*.ts pass the settings in';
const COMMANDS = 'src/cli/open-*.ts make the trackers, and src/config.ts has the settings';
const CLI_IMPORTS = ['core', 'tracker', 'relay', 'settings', 'wiring', 'main', 'cli', 'entry', 'package.json'];

export const ROOMS = [
  {
    name: 'core',
    files: /^src\/core\//,
    imports: ['core'],
    // Shapes of answers; addresses and ranges; version 5 of ids, which is a hash.
    packages: ['zod/mini', 'ipaddr.js', 'uuid'],
    why: 'the core is pure: the caller passes time, answers and settings',
  },
  { name: 'settings', files: /^src\/config\.ts$/, imports: ['core', 'config'], packages: ['zod/mini'], why: SETTINGS },
  { name: 'config', files: /^src\/config\/[^/]+\.ts$/, imports: ['core', 'config'], packages: ['zod/mini'], why: SETTINGS },
  {
    name: 'tracker maker',
    files: /^src\/tracker\/(?:cache|client|fallback|once|shared|snapshot)\.ts$/,
    imports: ['core', 'tracker', 'tracker maker'],
    why: TRACKERS,
  },
  {
    name: 'tracker',
    files: /^src\/tracker\//,
    imports: ['core', 'tracker', 'tracker maker'],
    why: TRACKERS,
  },
  {
    name: 'relay',
    files: /^src\/relay\//,
    imports: ['core', 'relay', 'settings'],
    why: 'the relay queries a tracker through the port src/core/tracker.ts; src/cli/open-relay.ts passes one in',
  },
  {
    name: 'entry',
    files: /^src\/cli\/(?:process|lambda)\.ts$/,
    imports: CLI_IMPORTS,
    why: 'an entry starts the program and does nothing else',
    touchesProcess: true,
  },
  {
    name: 'wiring',
    files: /^src\/cli\/open-[a-z-]+\.ts$/,
    imports: [...CLI_IMPORTS, 'tracker maker'],
    why: SETTINGS,
  },
  { name: 'main', files: /^src\/cli\/main\.ts$/, imports: CLI_IMPORTS, why: COMMANDS },
  { name: 'cli', files: /^src\/cli\//, imports: CLI_IMPORTS, why: COMMANDS },
  {
    name: 'deploy',
    files: /^deploy\//,
    imports: ['deploy', 'entry', 'main', 'package.json'],
    why: 'deployment depends on how the program starts, and on nothing else',
  },
  { name: 'package.json', files: /^package\.json$/, imports: [] },
];

/** What a function of a `tracker maker` says that it returns. */
export const MAKES_TRACKER = /\b(?:\w*Tracker|LiveClient)\b/;

/** Names that do not say what a file or a directory holds. */
export const DRAWERS = ['utils', 'util', 'helpers', 'helper', 'types', 'constants', 'common', 'misc', 'lib', 'index', 'base'];
