import * as os from 'node:os';
import * as path from 'node:path';

/** Where a kind of folder lies: below the home on macOS, in a variable or below the home elsewhere, and within `cct` on Windows. */
interface Kind {
  readonly macOs: readonly string[];
  readonly variable: string;
  readonly fallback: readonly string[];
  readonly onWindows: readonly string[];
}

const DATA: Kind = {
  macOs: ['Library', 'Application Support'],
  variable: 'XDG_DATA_HOME',
  fallback: ['.local', 'share'],
  onWindows: [],
};
const CACHE: Kind = { macOs: ['Library', 'Caches'], variable: 'XDG_CACHE_HOME', fallback: ['.cache'], onWindows: ['cache'] };

/**
 * The folder for what cct keeps: `%LOCALAPPDATA%\cct` on Windows, `~/Library/Application Support/cct` on macOS, else `cct` in
 * `XDG_DATA_HOME` or `~/.local/share`. A relative path in the environment is ignored, as the XDG specification asks.
 */
export function dataDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = os.platform(), home: string = os.homedir()): string {
  return toFolder(DATA, env, platform, home);
}

/**
 * The folder for what cct can do without: `%LOCALAPPDATA%\cct\cache` on Windows, `~/Library/Caches/cct` on macOS, else `cct` in
 * `XDG_CACHE_HOME` or `~/.cache`. A relative path in the environment is ignored too.
 */
export function cacheDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = os.platform(), home: string = os.homedir()): string {
  return toFolder(CACHE, env, platform, home);
}

function toFolder(kind: Kind, env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  const paths = platform === 'win32' ? path.win32 : path.posix;
  const absolute = (given: string | undefined) => (given !== undefined && paths.isAbsolute(given) ? given : undefined);
  if (platform === 'win32') {
    return paths.join(absolute(env['LOCALAPPDATA']) ?? paths.join(home, 'AppData', 'Local'), 'cct', ...kind.onWindows);
  }
  if (platform === 'darwin') return paths.join(home, ...kind.macOs, 'cct');
  return paths.join(absolute(env[kind.variable]) ?? paths.join(home, ...kind.fallback), 'cct');
}
