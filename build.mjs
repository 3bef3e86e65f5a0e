import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));

const COMMON = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.20',
  logLevel: 'warning',
  legalComments: 'none',
  metafile: true,
};
// The executable's loader has require only, so import() becomes that.
const SMALL = { format: 'cjs', minifyWhitespace: true, minifySyntax: true, supported: { 'dynamic-import': false } };
// node-fetch loads the polyfill only on a Node without streams.
const PROGRAM = { ...SMALL, mainFields: ['module', 'main'], external: ['web-streams-polyfill'] };

// What a program in Node's modules imports as the default of a CommonJS file is all that it exports.
const DEFAULT_AS_MODULE = 'if (module.exports.default) module.exports = Object.assign(module.exports.default, module.exports);';
const PACKAGE = { ...PROGRAM, footer: { js: DEFAULT_AS_MODULE } };

const REPLACED = {
  // Commander loads it for subcommands that are programs of their own; cct has none.
  'node:child_process': 'data:text/javascript,',
  // It has a SHA-1 of its own, so that a few ids do not load all of node:crypto.
  uuid: './node_modules/uuid/dist/index.js',
};

// What a program loads from here by import() has a bundle of its own, so that a short run, of typed JSON or text, compiles little else.
const APART =
  /^src\/(?:cli\/(?:main|output\/table)|documents|exports|records\/(?!csv|json-document|text|typed-lines)|tracker\/live|wiring\/relay\/serve-relay)/;
const bundleOf = (path) => (path === 'src/cli/main.ts' ? 'main.cjs' : `${path.slice(4, -3).replaceAll('/', '-')}.cjs`);

/** Keeps what is APART out of a bundle, and adds its path to `found`. */
const keepApart = (found) => ({
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /\.ts$/ }, ({ path, resolveDir, kind }) => {
      const target = relative(root, join(resolveDir, path)).replaceAll('\\', '/');
      if (kind !== 'dynamic-import' || !APART.test(target)) return;
      found.add(target);
      return { path: `./${bundleOf(target)}`, external: true };
    });
  },
});

/** Options of a bundle without these packages: each has a bundle of its own, which Node compiles when it is loaded. */
const without = (packages) => ({
  ...PROGRAM,
  external: [...PROGRAM.external, ...packages.map((name) => `./${fileOf(name)}`)],
  alias: { ...REPLACED, ...Object.fromEntries(packages.map((name) => [name, `./${fileOf(name)}`])) },
});
const fileOf = (name) => `${name.replace('@', '').replace('/', '-')}.cjs`;

const REDIS = '@redis/client';
// Compiling them would take a sixth of the time of a short run, which needs none.
const LAZY_PACKAGES = [
  ...[REDIS, '@hono/node-server', 'csv-parse/sync', 'csv-stringify/sync'],
  ...[
    'htmlparser2',
    'http-proxy-agent',
    'https-proxy-agent',
    'jose',
    'jsonc-parser',
    'lru-cache',
    'node-fetch',
    'ora',
    'p-queue',
  ],
  ...['pino', 'postal-mime', 'prom-client', 're2js', 'tldts'],
];

/** The bundles of `dist`. What esbuild read for each is kept in `build/meta`, for the list of licences. */
const BUNDLES = [
  ...LAZY_PACKAGES.map((name) => ({ from: name, to: fileOf(name), options: PACKAGE })),
  { from: 'src/entries/lambda.ts', to: 'lambda.mjs', options: { format: 'esm' } },
  { from: 'src/relay/lambda/open-lambda.ts', to: 'relay.cjs', options: without([REDIS]) },
];

async function buildBundle({ from, to, options }) {
  const { metafile } = await build({ ...COMMON, ...options, entryPoints: [from], outfile: `dist/${to}` });
  writeFileSync(`${root}build/meta/${to}.json`, JSON.stringify(metafile));
}

/** Builds the program from its entry on, a bundle for each part that is APART. */
async function buildProgram() {
  const options = without(LAZY_PACKAGES);
  const found = new Set();
  const plugins = [keepApart(found)];
  await buildBundle({ from: 'src/entries/cct.ts', to: 'cct.cjs', options: { ...options, plugins } });
  for (const from of found) await buildBundle({ from, to: bundleOf(from), options: { ...options, plugins } });
}

async function buildManPage() {
  const outfile = 'node_modules/.cache/cct/man-page.cjs';
  await build({ ...COMMON, ...without([REDIS]), entryPoints: ['src/cli/program/man-page.ts'], outfile });
  const { createManPage } = createRequire(import.meta.url)(`./${outfile}`);
  writeFileSync(`${root}dist/cct.1`, `${await createManPage()}\n`);
}

/** Builds `dist`. Rejects where a bundle cannot be built. */
export async function buildDist() {
  for (const directory of ['dist', 'build/meta']) mkdirSync(root + directory, { recursive: true });
  await Promise.all([...BUNDLES.map(buildBundle), buildProgram(), buildManPage()]);
  copyFileSync(`${root}THIRD-PARTY.md`, `${root}dist/THIRD-PARTY.md`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildDist();
