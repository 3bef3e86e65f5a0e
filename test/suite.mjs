// The long commands: npm run suite -- NAME [arguments]. Exits with the status of the first step that fails.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { build } from 'esbuild';
import { buildDist } from '../build.mjs';

/** What reads exports, and the package that has it. */
const EATERS = {
  dnsmasq: 'dnsmasq-base',
  grepcidr: 'grepcidr',
  'named-checkzone': 'bind9-utils',
  nft: 'nftables',
  rg: 'ripgrep',
  'unbound-checkconf': 'unbound',
  unshare: 'util-linux',
};

/** What the tests start besides Node, and the package that has it. */
const PROGRAMS = {
  ...EATERS,
  bash: 'bash',
  fish: 'fish',
  groff: 'groff',
  man: 'man-db',
  mkfifo: 'coreutils',
  'redis-cli': 'redis-tools',
  'redis-server': 'redis-server',
  script: 'bsdutils',
  zsh: 'zsh',
};

const DUPLICATES = [
  ...['jscpd', '--min-lines', '5', '--min-tokens', '40', '--format', 'typescript'],
  ...['--ignore-pattern', 'import [^;()]*;', '--reporters', 'console'],
];

/**
 * What a suite does, in this order: looks for the programs, builds `dist`, runs commands of packages, runs Vitest, and bundles and runs
 * scripts. The arguments go to Vitest, or to the scripts where there is no Vitest.
 */
const SUITES = {
  system: { programs: PROGRAMS, isBuilt: true, vitest: ['--config', 'test/system/vitest.config.ts'] },
  isolated: { vitest: ['--isolate'] },
  coverage: {
    programs: PROGRAMS,
    isBuilt: true,
    vitest: ['--config', 'test/coverage/vitest.config.ts', '--coverage'],
    scripts: ['test/coverage/main.ts'],
  },
  cost: { scripts: ['test/cost/main.ts'] },
  acceptance: { programs: PROGRAMS, vitest: ['--config', 'test/acceptance/vitest.config.ts'] },
  realdata: { programs: EATERS, vitest: ['--config', 'test/real-data/vitest.config.ts'] },
  lambda: { vitest: ['--config', 'test/lambda/vitest.config.ts'] },
  generated: { vitest: ['--config', 'test/generated/vitest.config.ts'] },
  crash: { isBuilt: true, scripts: ['test/crash/main.ts'] },
  faults: { isBuilt: true, scripts: ['test/faults/main.ts'] },
  mutation: { scripts: ['test/mutation/main.ts'], options: { format: 'esm', mainFields: undefined } },
  duckdb: { isBuilt: true, scripts: ['test/duckdb/main.ts'], options: { format: 'esm', mainFields: undefined } },
  soak: { programs: { 'redis-server': 'redis-server' }, isBuilt: true, scripts: ['test/soak/main.ts'] },
  bench: { isBuilt: true, scripts: ['test/bench/main.ts'] },
  // All that must hold besides the tests.
  still: {
    isBuilt: true,
    commands: [
      ['prettier', '--check', '.'],
      ['eslint', '.', '--max-warnings=0'],
      ['tsc', '-p', '.'],
      ['knip'],
      [...DUPLICATES, '--exit-code', '1', 'src', 'deploy'],
      [...DUPLICATES, '--threshold', '1', 'test'],
    ],
  },
  licences: { isBuilt: true, scripts: ['deploy/licences/main.ts'] },
  audit: { scripts: ['deploy/audit/main.ts'] },
  package: {
    isBuilt: true,
    scripts: ['deploy/package/main.ts'],
    options: { format: 'esm', mainFields: undefined, packages: 'external' },
  },
};

const SCRIPT_OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node20.20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  external: ['web-streams-polyfill'],
  logLevel: 'error',
};

/** Ends this process when a step fails. */
function run(file, args) {
  const { status, error } = spawnSync(file, args, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((directory) => existsSync(join(directory, program)));
}

async function runScript(script, options, args) {
  const { format, ...given } = { ...SCRIPT_OPTIONS, ...options };
  const outfile = `node_modules/.cache/cct/${script.replaceAll('/', '-').replace(/\.ts$/, format === 'esm' ? '.mjs' : '.cjs')}`;
  await build({ ...given, format, entryPoints: [script], outfile });
  run(process.execPath, [outfile, ...args]);
}

async function runSuite({ programs = {}, isBuilt = false, commands = [], vitest, scripts = [], options = {} }, args) {
  const missing = Object.keys(programs).filter((program) => !isOnPath(program));
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((program) => programs[program]))].join(' ');
    process.stderr.write(`These tests need ${missing.join(', ')}: apt-get install ${packages}\n`);
    process.exit(1);
  }
  if (isBuilt) await buildDist();
  for (const [name, ...words] of commands) run(process.execPath, [binOf(name), ...words]);
  if (vitest) run(process.execPath, [binOf('vitest'), 'run', '--root', '.', ...vitest, ...args]);
  for (const script of scripts) await runScript(script, options, vitest ? [] : args);
}

const BINS = {
  eslint: 'eslint/bin/eslint.js',
  jscpd: 'jscpd/run-jscpd.js',
  knip: 'knip/bin/knip.js',
  prettier: 'prettier/bin/prettier.cjs',
  tsc: 'typescript/bin/tsc',
  vitest: 'vitest/vitest.mjs',
};
const binOf = (name) => `node_modules/${BINS[name]}`;

const [name = '', ...args] = process.argv.slice(2);
if (!Object.hasOwn(SUITES, name)) {
  process.stderr.write(`npm run suite -- NAME, one of: ${Object.keys(SUITES).join(', ')}\n`);
  process.exit(2);
}
await runSuite(SUITES[name], args);
