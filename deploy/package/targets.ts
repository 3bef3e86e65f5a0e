/** One executable to make. */
export interface Target {
  /** As in `--target`: `linux-arm64`, `win-x64`, `darwin-arm64`. */
  readonly name: string;
  /** As pkg names it. */
  readonly platform: 'linux' | 'win' | 'macos';
  readonly arch: 'x64' | 'arm64';
  /** The npm package that holds its Node. */
  readonly nodePackage: string;
  /** Within `dist/bin`. */
  readonly fileName: string;
}

const PLATFORMS = { linux: 'linux', win: 'win', darwin: 'macos' } as const;
const ARCHS = ['x64', 'arm64'] as const;

const hasOwn = <Key extends string>(object: Readonly<Record<Key, unknown>>, key: string): key is Key =>
  Object.hasOwn(object, key);

/** A target by its name; undefined for unknown names. */
export function findTarget(name: string): Target | undefined {
  const [system = '', archName = '', ...rest] = name.split('-');
  const arch = ARCHS.find((known) => known === archName);
  if (rest.length > 0 || !arch || !hasOwn(PLATFORMS, system)) return undefined;
  // The package `node` has the same exception.
  const prefix = name === 'darwin-arm64' ? 'node-bin' : 'node';
  return {
    name,
    platform: PLATFORMS[system],
    arch,
    nodePackage: `${prefix}-${name}`,
    fileName: `cct-${name}${system === 'win' ? '.exe' : ''}`,
  };
}

/** The name of the target that this machine is, such as `linux-x64`. */
export function hostName(platform: NodeJS.Platform, arch: string): string {
  return `${platform === 'win32' ? 'win' : platform}-${arch}`;
}
