import * as os from 'node:os';
import * as path from 'node:path';

/** Where a kind of directory is: on macOS below the home, on Windows below `cct`, elsewhere in a variable or below the home. */
interface Kind {
  readonly macOs: string;
  readonly variable: string;
  readonly fallback: string;
  readonly windows: string;
  /** Whether Windows copies it to the user's other machines. Default false. */
  readonly isRoaming?: boolean;
}

const DATA: Kind = {
  macOs: 'Library/Application Support',
  variable: 'XDG_DATA_HOME',
  fallback: '.local/share',
  windows: '',
};
const KINDS = {
  data: DATA,
  config: { ...DATA, variable: 'XDG_CONFIG_HOME', fallback: '.config', isRoaming: true },
  cache: { macOs: 'Library/Caches', variable: 'XDG_CACHE_HOME', fallback: '.cache', windows: 'cache' },
} satisfies Record<string, Kind>;

/**
 * The user's directory of this kind: in `%LOCALAPPDATA%` on Windows (`config`: `%APPDATA%`), in `~/Library` on macOS, else as in the XDG
 * specification, which ignores relative paths in the environment.
 */
export function userDirectory(
  name: keyof typeof KINDS,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = os.platform(),
  home: string = os.homedir(),
): string {
  const kind: Kind = KINDS[name];
  const paths = platform === 'win32' ? path.win32 : path.posix;
  // An empty or relative `HOME` would mean the working directory.
  const base = paths.isAbsolute(home) ? home : os.userInfo().homedir;
  const orBelowHome = (given: string | undefined, fallback: string) =>
    given !== undefined && paths.isAbsolute(given) ? given : paths.join(base, fallback);
  const [windowsVariable, windowsFallback] = kind.isRoaming ? ['APPDATA', 'AppData/Roaming'] : ['LOCALAPPDATA', 'AppData/Local'];
  if (platform === 'win32') return paths.join(orBelowHome(env[windowsVariable], windowsFallback), 'cct', kind.windows);
  if (platform === 'darwin') return paths.join(base, kind.macOs, 'cct');
  return paths.join(orBelowHome(env[kind.variable], kind.fallback), 'cct');
}
