import { createRequire } from 'node:module';

/** What the fork of pkg makes of one target; `sea` of its version 6.23.0. Its command line takes neither assets nor a Node of ours. */
type Sea = (
  entry: string,
  options: {
    readonly targets: readonly { nodeRange: string; platform: string; arch: string; output: string }[];
    readonly nodePath: string;
    readonly useLocalNode: boolean;
    readonly signature: boolean;
    readonly seaConfig: { readonly assets: Readonly<Record<string, string>> };
  },
) => Promise<void>;

/** What `main.ts` gives as its one argument, in JSON. All paths are absolute. */
export interface BakeOrder {
  /** The folder where the fork is installed. */
  readonly pkgFolder: string;
  /** The CommonJS file that the executable runs. */
  readonly entry: string;
  /** By name, the files that lie in the executable. */
  readonly assets: Readonly<Record<string, string>>;
  /** In the words of the fork: `linux`, `win` or `macos`. */
  readonly platform: string;
  readonly arch: string;
  /** The Node of that platform, of the version that runs this. */
  readonly basePath: string;
  readonly output: string;
}

/** Makes one executable. Run by Node 24 itself, which the fork asks for and whose own version must be that of the base. */
async function bake({ pkgFolder, entry, assets, platform, arch, basePath, output }: BakeOrder): Promise<void> {
  // A base that is missing shall be an error, not a download.
  globalThis.fetch = () => Promise.reject(new Error('nothing is downloaded while an executable is made'));
  // `require` gives anything; the version is exact in package-lock.json.
  const { default: sea } = createRequire(`${pkgFolder}/`)('pkg/lib-es5/sea.js') as { default: Sea };
  const target = { nodeRange: `node${process.versions.node}`, platform, arch, output };
  await sea(entry, { targets: [target], nodePath: basePath, useLocalNode: true, signature: true, seaConfig: { assets } });
}

await bake(JSON.parse(process.argv[2] ?? '') as BakeOrder);
