import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));

const COMMON = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
  legalComments: 'none',
  metafile: true,
};
const SMALL = { format: 'cjs', minifyWhitespace: true, minifySyntax: true };
// node-fetch loads the polyfill only on a Node without streams. The Redis client is a bundle of its own, loaded when it is used.
const PROGRAM = {
  ...SMALL,
  mainFields: ['module', 'main'],
  external: ['web-streams-polyfill', './redis-client.cjs'],
  alias: { '@redis/client': './redis-client.cjs' },
};

/** The bundles of `dist`. What esbuild read for each is kept in `build/meta`, for the list of licences. */
const BUNDLES = [
  { meta: 'entry', from: 'src/entries/cct.ts', to: 'cct.js', options: { format: 'esm' } },
  { meta: 'redis', from: '@redis/client', to: 'redis-client.cjs', options: SMALL },
  { meta: 'main', from: 'src/cli/main.ts', to: 'main.cjs', options: PROGRAM },
  { meta: 'lambda', from: 'src/entries/lambda.ts', to: 'lambda.mjs', options: { format: 'esm' } },
  { meta: 'relay', from: 'src/relay/lambda/open-lambda.ts', to: 'relay.cjs', options: PROGRAM },
];

async function buildBundle({ meta, from, to, options }) {
  const { metafile } = await build({ ...COMMON, ...options, entryPoints: [from], outfile: `dist/${to}` });
  writeFileSync(`${root}build/meta/${meta}.json`, JSON.stringify(metafile));
}

async function buildManPage() {
  const outfile = 'node_modules/.cache/cct/man-page.cjs';
  await build({ ...COMMON, ...PROGRAM, entryPoints: ['src/cli/program/man-page.ts'], outfile });
  const { createManPage } = createRequire(import.meta.url)(`./${outfile}`);
  writeFileSync(`${root}dist/cct.1`, `${await createManPage()}\n`);
}

/** Builds `dist`. Rejects where a bundle cannot be built. */
export async function buildDist() {
  for (const directory of ['dist', 'build/meta']) mkdirSync(root + directory, { recursive: true });
  await Promise.all([...BUNDLES.map(buildBundle), buildManPage()]);
  copyFileSync(`${root}THIRD-PARTY.md`, `${root}dist/THIRD-PARTY.md`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildDist();
