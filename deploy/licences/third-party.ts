import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

/** The document that is handed out with the program, and the folder in which the build leaves what went into its bundles. */
export const DOCUMENT = 'THIRD-PARTY.md';
export const COPY = join('dist', DOCUMENT);
const METAFILES = join('build', 'meta');

/** Licences, by their SPDX names, under which code may be handed out with this program, which is MIT itself. */
const ALLOWED: readonly string[] = [
  ...['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0', 'CC0-1.0', 'Python-2.0', 'Zlib'],
  'Unlicense',
];
/** What a tool may have besides: it is used as it is and not handed out, so that its copyleft reaches nothing. */
const ALLOWED_FOR_TOOLS: readonly string[] = [...ALLOWED, 'MPL-2.0'];

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ name: z.optional(z.string()), version: z.optional(z.string()), license: z.optional(z.string()) }),
  ),
});
const metafileSchema = z.object({ inputs: z.record(z.string(), z.unknown()) });

/** A package of a lock file. `path` is its folder there, such as `node_modules/a/node_modules/b`. */
export interface LockedPackage {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** As its author gives it, an SPDX expression; '' where he gives none. */
  readonly licence: string;
}

/** The packages of a lock file, without the project itself. Throws where it is no lock file. */
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

/** The folders of the packages of which code is in `dist`, by what esbuild says it read for each bundle. Throws where nothing was built. */
export function readBundledPaths(): Set<string> {
  const files = existsSync(METAFILES) ? readdirSync(METAFILES) : [];
  if (files.length === 0) throw new Error(`${METAFILES} is empty: run npm run build`);
  const inputs = files.flatMap((file) =>
    Object.keys(z.parse(metafileSchema, JSON.parse(readFileSync(join(METAFILES, file), 'utf8'))).inputs),
  );
  return new Set(inputs.flatMap((input) => /node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0] ?? []));
}

/** Whether an SPDX expression (a name, or names with AND or with OR between them) lets us use what it is about. */
export function isAllowed(expression: string, allowed = ALLOWED): boolean {
  const words = expression.replace(/^\((.*)\)$/, '$1');
  if (words.includes(' OR ')) return words.split(' OR ').some((name) => allowed.includes(name));
  return words.split(' AND ').every((name) => allowed.includes(name));
}

// Packages without a file of their licence, which is MIT, and whose copyright it is: by their manifests, README and repositories. With the
// version, so that a new one is looked at again.
const COPYRIGHTS: Readonly<Record<string, string>> = {
  '@redis/client 6.3.1': 'Copyright (c) 2022-2025, Redis, inc.',
  'data-uri-to-buffer 4.0.1': 'Copyright (c) 2014 Nathan Rajlich <nathan@tootallnate.net>',
  'proxy-agent-negotiate 1.1.0': 'Copyright (c) Nathan Rajlich <nathan@tootallnate.net>',
  '@yao-pkg/pkg 6.23.0': 'Copyright (c) 2021 Vercel, Inc.',
};

/** The licence of a package with its copyright, as it has to be handed out. Throws where neither the package nor the list above has it. */
function readLicence({ path, name, version, licence }: LockedPackage): string {
  const files = existsSync(path) ? readdirSync(path).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file)) : [];
  if (files.length > 0) return files.map((file) => toPlain(readFileSync(join(path, file), 'utf8'))).join('\n\n');
  const copyright = COPYRIGHTS[`${name} ${version}`];
  if (copyright === undefined || licence !== 'MIT')
    throw new Error(`${name} ${version} has no file of its licence: see COPYRIGHTS`);
  return toPlain(readFileSync('LICENSE', 'utf8')).replace(/^Copyright .*$/m, () => copyright);
}

/** A text on any system and in any fence the same. */
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

/** All that is used to make or run the program. */
export interface ThirdParty {
  /** Code of these is in `dist`. */
  readonly bundled: readonly LockedPackage[];
  /** Nothing of these is handed out. */
  readonly tools: readonly LockedPackage[];
  /** Nor of these, but for the code with which pkg starts an executable. */
  readonly packaging: readonly LockedPackage[];
}

/** Reads both lock files and what the build left. */
export function readThirdParty(): ThirdParty {
  const paths = readBundledPaths();
  const locked = readLock('package-lock.json');
  const known = new Set(locked.map(({ path }) => path));
  const strange = [...paths].filter((path) => !known.has(path));
  if (strange.length > 0) throw new Error(`bundled, but not in package-lock.json: ${strange.join(', ')}`);
  return {
    bundled: locked.filter(({ path }) => paths.has(path)),
    tools: locked.filter(({ path }) => !paths.has(path)),
    packaging: readLock('deploy/package/package-lock.json'),
  };
}

/** The packages that must not be used: as `name version: licence`. */
export function findRefused({ bundled, tools, packaging }: ThirdParty): string[] {
  const refused = [
    ...bundled.filter(({ licence }) => !isAllowed(licence)),
    ...[...tools, ...packaging].filter(({ licence }) => !isAllowed(licence, ALLOWED_FOR_TOOLS)),
  ];
  return refused.map(({ name, version, licence }) => `${name} ${version}: ${licence}`);
}

/** The document. The same lock files, bundles and licences give the same bytes. */
export function toDocument({ bundled, tools, packaging }: ThirdParty): string {
  const pkg = packaging.filter(({ name }) => name === '@yao-pkg/pkg');
  return `# Third parties

cct itself is MIT, see \`LICENSE\`. \`npm run suite -- licences\` writes this list from the lock files and from what esbuild read for each bundle; a test fails when it is out of date, or when a licence is none of those that are allowed.

## In every form of the program

Code of these packages is in \`dist\`, and so in the npm package, the executable, the container image and what is uploaded to AWS Lambda. Their licences follow the table.

${toTable(bundled)}

${toTexts(bundled)}

## In the executable

It holds Node too, whose licence, with those of the libraries in Node, is \`cct-NODE-LICENSE\` beside the executable, and the code with which pkg starts it:

${toTable(pkg)}

${toTexts(pkg)}

## In the container image

It is made from \`node:24-slim\`, whose licences are in the image: Debian's in \`/usr/share/doc\`, Node's in \`/usr/local/LICENSE\`.

## For development only

Nothing of these is handed out: they build, check and test.

${toTable(tools)}

What makes the executable has a lock file of its own, \`deploy/package/package-lock.json\`:

${toTable(packaging.filter((item) => !pkg.includes(item)))}
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
