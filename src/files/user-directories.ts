import * as os from 'node:os';
import * as path from 'node:path';

/** Where a kind of directory is: below the home on macOS, in a variable or below the home elsewhere, below `cct` on Windows. */
interface Kind {
  readonly macOs: string;
  readonly variable: string;
  readonly fallback: string;
  readonly windows: string;
  /** Goes with the user to other machines on Windows. Default false. */
  readonly isRoaming?: boolean;
}

const DATA: Kind = {
  macOs: 'Library/Application Support',
  variable: 'XDG_DATA_HOME',
  fallback: '.local/share',
  windows: '',
};
const CONFIG: Kind = { ...DATA, variable: 'XDG_CONFIG_HOME', fallback: '.config', isRoaming: true };
const CACHE: Kind = { macOs: 'Library/Caches', variable: 'XDG_CACHE_HOME', fallback: '.cache', windows: 'cache' };

/**
 * The data directory: `%LOCALAPPDATA%\cct` on Windows, `~/Library/Application Support/cct` on macOS, else `cct` in `XDG_DATA_HOME` or
 * `~/.local/share`. Relative paths in the environment are ignored, as the XDG specification demands.
 */
export function dataDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = os.platform(), home: string = os.homedir()): string {
  return toDirectory(DATA, env, platform, home);
}

/**
 * The cache directory: `%LOCALAPPDATA%\cct\cache` on Windows, `~/Library/Caches/cct` on macOS, else `cct` in `XDG_CACHE_HOME` or
 * `~/.cache`. Relative paths in the environment are ignored.
 */
export function cacheDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = os.platform(), home: string = os.homedir()): string {
  return toDirectory(CACHE, env, platform, home);
}

/**
 * The configuration directory: `%APPDATA%\\cct` on Windows, `~/Library/Application Support/cct` on macOS, else `cct` in `XDG_CONFIG_HOME` or
 * `~/.config`. Relative paths in the environment are ignored.
 */
export function configDir(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = os.platform(),
  home: string = os.homedir(),
): string {
  return toDirectory(CONFIG, env, platform, home);
}

function toDirectory(kind: Kind, env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  const paths = platform === 'win32' ? path.win32 : path.posix;
  // A `HOME` that is empty or relative would be the working directory.
  const base = paths.isAbsolute(home) ? home : os.userInfo().homedir;
  const orBelowHome = (given: string | undefined, fallback: string) =>
    given !== undefined && paths.isAbsolute(given) ? given : paths.join(base, fallback);
  const [windowsVariable, windowsFallback] = kind.isRoaming ? ['APPDATA', 'AppData/Roaming'] : ['LOCALAPPDATA', 'AppData/Local'];
  if (platform === 'win32') return paths.join(orBelowHome(env[windowsVariable], windowsFallback), 'cct', kind.windows);
  if (platform === 'darwin') return paths.join(base, kind.macOs, 'cct');
  return paths.join(orBelowHome(env[kind.variable], kind.fallback), 'cct');
}
