import { inputSettings, outputSettings, talkSettings } from './config/batch-settings.ts';
import { resolveGroup } from './config/resolve.ts';
import type { ConfigOf, Environment, FlagValues, ResolvedValues } from './config/resolve.ts';
import { serveSettings } from './config/serve-settings.ts';
import type { SettingGroup } from './config/setting.ts';
import { parseSetting } from './config/setting.ts';
import { cacheSettings, trackerSettings } from './config/tracker-settings.ts';
import { baseUrl } from './config/values.ts';

// The room's door: what else stands in `config/` is its own.
export { inputSettings, outputSettings, talkSettings } from './config/batch-settings.ts';
export type { FlagValues, Origin } from './config/resolve.ts';
export { serveSettings } from './config/serve-settings.ts';
export { describeRefused, flagName } from './config/setting.ts';
export type { Setting, SettingGroup } from './config/setting.ts';
export { cacheSettings, PUBLIC_API_URL, trackerSettings } from './config/tracker-settings.ts';
export { findMeantOrigin, isProxyUrl } from './config/values.ts';

/** The settings of `serve` for a list of all settings: their help names the command. */
export const namedServeSettings: SettingGroup = Object.fromEntries(
  Object.entries(serveSettings).map(([name, setting]) => [name, { ...setting, help: `serve: ${setting.help}` }]),
);

/** Every setting of a command that asks something, once. */
export const settings = { ...inputSettings, ...outputSettings, ...trackerSettings, ...cacheSettings, ...talkSettings } as const;

export type SettingName = keyof typeof settings;
export type Config = ConfigOf<typeof settings>;
export type ServeConfig = ConfigOf<typeof serveSettings>;
/** What `resolveConfig` makes, and with `ServeConfig` what `resolveServeConfig` does. */
export type Resolved<Values = Config> = ResolvedValues<Values>;

/** Flag over environment over default. An empty environment variable counts as not set, but for those that `refusesEmpty`. Throws `usage`, naming what is wrong. */
export function resolveConfig(flags: FlagValues, env: Environment): Resolved {
  return resolveGroup(settings, flags, env);
}

/** The same for the settings of `serve`, apart, so that a `PORT` in the environment is of no concern to other commands. */
export function resolveServeConfig(flags: FlagValues, env: Environment): Resolved<ServeConfig> {
  return resolveGroup(serveSettings, flags, env);
}

/** The URL of a service, with a slash at its end. Throws `usage` for any other text, naming what it was given by. */
export function parseBaseUrl(givenBy: string, text: string): URL {
  return new URL(parseSetting({ schema: baseUrl }, givenBy, text));
}
