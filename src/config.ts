import { resolveGroup } from './config/resolve.ts';
import type { ConfigOf, Environment, FlagValues, ResolvedValues } from './config/resolve.ts';
import type { SettingGroup } from './config/setting.ts';
import { parseSetting } from './config/setting.ts';
import {
  cacheSettings,
  exportSettings,
  inputSettings,
  outputSettings,
  serveSettings,
  trackerSettings,
  verbositySettings,
} from './config/settings.ts';
import { baseUrl } from './config/values.ts';

// Other rooms import this file alone.
export type { FlagValues, Origin } from './config/resolve.ts';
export { describeRefused, flagName, hideSecret } from './config/setting.ts';
export type { Setting, SettingGroup } from './config/setting.ts';
export * from './config/settings.ts';
export { findMeantOrigin, formatDuration, isProxyUrl } from './config/values.ts';

/** The settings of `serve` for a list of all settings: their help names the command. */
export const namedServeSettings: SettingGroup = Object.fromEntries(
  Object.entries(serveSettings).map(([name, setting]) => [name, { ...setting, help: `serve: ${setting.help}` }]),
);

/** Every setting of a command that looks something up. */
export const settings = {
  ...inputSettings,
  ...outputSettings,
  ...trackerSettings,
  ...cacheSettings,
  ...verbositySettings,
} as const;

export type SettingName = keyof typeof settings;
export type Config = ConfigOf<typeof settings>;
export type ServeConfig = ConfigOf<typeof serveSettings>;
export type ExportConfig = ConfigOf<typeof exportSettings>;
/** What `resolveConfig` returns, and with `ServeConfig` what `resolveServeConfig` does. */
export type Resolved<Values = Config> = ResolvedValues<Values>;

/** Flag over environment over default. An empty variable counts as not set, unless the setting `refusesEmpty`. Throws `usage`, naming what is wrong. */
export function resolveConfig(flags: FlagValues, env: Environment): Resolved {
  return resolveGroup(settings, flags, env);
}

/** The same for the settings of `serve`, apart, so that a `PORT` in the environment does not concern other commands. */
export function resolveServeConfig(flags: FlagValues, env: Environment): Resolved<ServeConfig> {
  return resolveGroup(serveSettings, flags, env);
}

/** The settings of `snapshot export`, from its flags alone. Throws `usage`, naming what is wrong. */
export function resolveExportConfig(flags: FlagValues): ExportConfig {
  return resolveGroup(exportSettings, flags, {}).config;
}

/** The URL of a service, with a slash at its end. Throws `usage` for any other text, naming what gave it. */
export function parseBaseUrl(givenBy: string, text: string): URL {
  return new URL(parseSetting(baseUrl, givenBy, text));
}
