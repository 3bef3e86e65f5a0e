import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

/** The document that goes with the program, its copy beside the bundles, and the build's record of what is in them. */
export const DOCUMENT = 'THIRD-PARTY.md';
export const COPY = join('dist', DOCUMENT);
const METAFILES = join('build', 'meta');

/** SPDX names of licences of code that may be distributed with this program, which is MIT. */
const ALLOWED: readonly string[] = [
  ...[
    'MIT',
    'MIT-0',
    'ISC',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Apache-2.0',
    '0BSD',
    'BlueOak-1.0.0',
    'CC0-1.0',
    'Python-2.0',
    'Zlib',
  ],
  'Unlicense',
];
/** A tool is not distributed, so its copyleft reaches nothing. */
const ALLOWED_FOR_TOOLS: readonly string[] = [...ALLOWED, 'MPL-2.0'];

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ name: z.optional(z.string()), version: z.optional(z.string()), license: z.optional(z.string()) }),
  ),
});
const metafileSchema = z.object({ inputs: z.record(z.string(), z.unknown()) });

/** A package of a lock file. `path` is its directory there, such as `node_modules/a/node_modules/b`. */
export interface LockedPackage {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** An SPDX expression; '' where the package has none. */
  readonly licence: string;
}

/** The packages of a lock file, without the project. Throws for other files. */
function readLock(file: string): LockedPackage[] {
  const { packages } = z.parse(lockSchema, JSON.parse(readFileSync(file, 'utf8')));
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, { name, version = '', license = '' }]) => ({
      path,
      name: name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license,
    }));
}

/** The directories of the packages whose code is in `dist`, by the metafiles of esbuild. Throws without a build. */
export function readBundledPaths(): Set<string> {
  const files = existsSync(METAFILES) ? readdirSync(METAFILES) : [];
  if (files.length === 0) throw new Error(`${METAFILES} is empty: run npm run build`);
  const inputs = files.flatMap((file) =>
    Object.keys(z.parse(metafileSchema, JSON.parse(readFileSync(join(METAFILES, file), 'utf8'))).inputs),
  );
  return new Set(inputs.flatMap((input) => /node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0] ?? []));
}

/** Whether an SPDX expression (a name, or names with AND or with OR between them) is allowed. */
export function isAllowed(expression: string, allowed = ALLOWED): boolean {
  const words = expression.replace(/^\((.*)\)$/, '$1');
  if (words.includes(' OR ')) return words.split(' OR ').some((name) => allowed.includes(name));
  return words.split(' AND ').every((name) => allowed.includes(name));
}

// Copyrights of packages under MIT without a licence file, from their manifests and repositories. By version: a new one is to be checked.
const COPYRIGHTS: Readonly<Record<string, string>> = {
  '@redis/client 6.3.1': 'Copyright (c) 2022-2025, Redis, inc.',
  'data-uri-to-buffer 4.0.1': 'Copyright (c) 2014 Nathan Rajlich <nathan@tootallnate.net>',
  'proxy-agent-negotiate 1.1.0': 'Copyright (c) Nathan Rajlich <nathan@tootallnate.net>',
};

/** The licence of a package with its copyright. Throws where neither the package nor `COPYRIGHTS` has it. */
function readLicence({ path, name, version, licence }: LockedPackage): string {
  const files = existsSync(path) ? readdirSync(path).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file)) : [];
  if (files.length > 0) return files.map((file) => toPlain(readFileSync(join(path, file), 'utf8'))).join('\n\n');
  const copyright = COPYRIGHTS[`${name} ${version}`];
  if (copyright === undefined || licence !== 'MIT')
    throw new Error(`${name} ${version} has no file of its licence: see COPYRIGHTS`);
  return toPlain(readFileSync('LICENSE', 'utf8')).replace(/^Copyright .*$/m, () => copyright);
}

/** The same text on any system and in any fence. */
function toPlain(text: string): string {
  return text
    .replaceAll('\r', '')
    .replaceAll('\t', '    ')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim()
    .replaceAll('```', "'''");
}

/** All packages of the lock file. */
export interface ThirdParty {
  /** Code of these is in `dist`. */
  readonly bundled: readonly LockedPackage[];
  /** Nothing of these is distributed. */
  readonly tools: readonly LockedPackage[];
}

/** Reads the lock file and the metafiles of the build. */
export function readThirdParty(): ThirdParty {
  const paths = readBundledPaths();
  const locked = readLock('package-lock.json');
  const known = new Set(locked.map(({ path }) => path));
  const strange = [...paths].filter((path) => !known.has(path));
  if (strange.length > 0) throw new Error(`bundled, but not in package-lock.json: ${strange.join(', ')}`);
  return {
    bundled: locked.filter(({ path }) => paths.has(path)),
    tools: locked.filter(({ path }) => !paths.has(path)),
  };
}

/** The packages that are not allowed, as `name version: licence`. */
export function findRefused({ bundled, tools }: ThirdParty): string[] {
  const refused = [
    ...bundled.filter(({ licence }) => !isAllowed(licence)),
    ...tools.filter(({ licence }) => !isAllowed(licence, ALLOWED_FOR_TOOLS)),
  ];
  return refused.map(({ name, version, licence }) => `${name} ${version}: ${licence}`);
}

/** The document. The same lock files, bundles and licences give the same bytes. */
export function toDocument({ bundled, tools }: ThirdParty): string {
  return `# Third parties

cct itself is MIT, see \`LICENSE\`. \`npm run suite -- licences\` writes this list from the lock file and from what esbuild read for each bundle; a test fails when it is out of date, or when a licence is not allowed.

## In every form of the program

Code of these packages is in \`dist\`, and so in the npm package, the executable, the container image and what is uploaded to AWS Lambda. Their licences follow the table.

${toTable(bundled)}

${toTexts(bundled)}

## In the executable

It holds Node too, whose licence, with those of the libraries in Node, is \`cct-NODE-LICENSE\` beside the executable. Of pkg it holds nothing.

## In the container image

It is made from \`node:24-slim\`, whose licences are in the image: Debian's in \`/usr/share/doc\`, Node's in \`/usr/local/LICENSE\`.

## For development only

Nothing of these is distributed: they build, package, check and test.

${toTable(tools)}
`;
}

function toTable(packages: readonly LockedPackage[]): string {
  const rows = packages.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
  return ['| package | version | licence |', '|---|---|---|', ...new Set(rows.sort(byCodeUnits))].join('\n');
}

/** Each licence once, under the names of all that have it. */
function toTexts(packages: readonly LockedPackage[]): string {
  const names = new Map<string, string[]>();
  for (const item of packages) {
    const text = readLicence(item);
    names.set(text, [...(names.get(text) ?? []), `${item.name} ${item.version}`]);
  }
  return [...names]
    .map(([text, of]) => `${of.sort(byCodeUnits).join(', ')}:\n\n\`\`\`text\n${text}\n\`\`\``)
    .sort(byCodeUnits)
    .join('\n\n');
}

function byCodeUnits(one: string, other: string): number {
  return one < other ? -1 : 1;
}
