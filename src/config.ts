import { resolveGroup } from './config/resolve.ts';
import type { ConfigOf, Environment, FileSettings, FlagValues, ResolvedValues } from './config/resolve.ts';
import type { Setting, SettingGroup } from './config/setting.ts';
import { holdsSecret, parseSetting } from './config/setting.ts';
import { exportSettings } from './config/export-settings.ts';
import { serveSettings } from './config/serve-settings.ts';
import {
  cacheSettings,
  fileSettings,
  inputSettings,
  outputSettings,
  trackerSettings,
  verbositySettings,
} from './config/settings.ts';
import { baseUrl, formatDuration } from './config/values.ts';
import { findNearest } from './core/nearest.ts';

// Other rooms import only this file.
export type { FileSettings, FlagValues, Origin } from './config/resolve.ts';
export { describeRefused, flagName, hideSecret, settingKey } from './config/setting.ts';
export type { Setting, SettingGroup } from './config/setting.ts';
export * from './config/export-settings.ts';
export * from './config/serve-settings.ts';
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
  ...fileSettings,
  ...verbositySettings,
} as const;

export type SettingName = keyof typeof settings;
export type Config = ConfigOf<typeof settings>;
export type ServeConfig = ConfigOf<typeof serveSettings>;
export type ExportConfig = ConfigOf<typeof exportSettings>;
/** What `resolveConfig` returns, and with `ServeConfig` what `resolveServeConfig` does. */
export type Resolved<Values = Config> = ResolvedValues<Values>;

/**
 * Precedence: flag, environment, settings file, default. An empty variable counts as not set, unless the setting `refusesEmpty`. Throws
 * `usage` for an invalid value.
 */
export function resolveConfig(flags: FlagValues, env: Environment, file?: FileSettings): Resolved {
  return resolveGroup(settings, flags, env, file);
}

/** As above, with the settings of `serve`. Separate, so that a `PORT` in the environment does not affect other commands. */
export function resolveServeConfig(flags: FlagValues, env: Environment, file?: FileSettings): Resolved<ServeConfig> {
  return resolveGroup(serveSettings, flags, env, file);
}

/** Resolves the settings of `snapshot export`, only from its flags. Throws `usage` for an invalid value. */
export function resolveExportConfig(flags: FlagValues): ExportConfig {
  return resolveGroup(exportSettings, flags, {}).config;
}

/** Parses the URL of a service, and adds a trailing slash. Throws `usage`, naming the flag or variable, for any other text. */
export function parseBaseUrl(givenBy: string, text: string): URL {
  return new URL(parseSetting(baseUrl, givenBy, text));
}

/** The settings file that a flag or variable names; null for the user's default file, undefined for none. Throws `usage`. */
export function findNamedFile(flags: FlagValues, env: Environment): string | null | undefined {
  const { config, origins } = resolveGroup(fileSettings, flags, env);
  const isNamed = config.configFile !== undefined && (!config.noConfig || origins.noConfig !== 'flag');
  const isOverruled = config.noConfig && origins.noConfig === origins.configFile;
  if (isNamed && !isOverruled) return config.configFile;
  return config.noConfig ? undefined : null;
}

/** Parses a settings file, loading its parser only here. Rejects with `input`, with path, line and column. */
export async function parseSettings(text: string, path: string): Promise<FileSettings> {
  const { parseSettingsFile } = await import('./config/settings-file.ts');
  return parseSettingsFile(text, path, { ...settings, ...serveSettings });
}

/** A resolved value as written in a settings file; undefined if it has no value, applies to one run only, or contains a secret. */
export function toFileValue(definition: Setting<unknown>, value: unknown): unknown {
  const { unit, isPerRun = false } = definition;
  if (isPerRun || holdsSecret(definition, value)) return undefined;
  return unit === 'duration' && typeof value === 'number' ? formatDuration(value) : value;
}

/** Unknown variables with the program's prefix, each with the known one that it resembles, if any. */
export function findUnknownVariables(env: Environment): { readonly name: string; readonly nearest: string | undefined }[] {
  const strange = Object.keys(env).filter((name) => /^CCT_/i.test(name) && !OF_OTHERS.test(name));
  if (strange.length === 0) return [];
  const known = Object.values<Setting<unknown>>({ ...settings, ...serveSettings }).map(({ env: name }) => name);
  return strange.filter((name) => !known.includes(name)).map((name) => ({ name, nearest: findNearestVariable(name, known) }));
}

/** Compares names without their common prefix. */
function findNearestVariable(name: string, known: readonly string[]): string | undefined {
  const nearest = findNearest(
    name.toUpperCase().replace(PREFIX, ''),
    known.map((each) => each.replace(PREFIX, '')),
  );
  return nearest && known.find((each) => each.replace(PREFIX, '') === nearest);
}

const PREFIX = /^CCT_/;

// The variables of the project's own suites, and those that Kubernetes sets for a service named cct.
const OF_OTHERS =
  /^CCT_(?:TEST_COMMAND|REAL_DATA|GENERATED_\w+|NEEDS_\w+|MODEL_SEED|MUTATION_TESTS|(?:\w+_)?SERVICE_(?:HOST|PORT)\w*|(?:\w+_)?PORT_\d+_\w+)$/;
