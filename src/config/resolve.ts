import { CctError } from '../core/errors.ts';
import type { Setting, SettingGroup } from './setting.ts';
import { flagName, parseSetting, settingKey } from './setting.ts';
import { yesOrNo } from './values.ts';

type ValueOf<Definition extends Setting<unknown>> = NonNullable<ReturnType<Definition['parse']>>;

/** The values of a group of settings. If not given, on/off settings are false; negatable ones and those without a default are undefined. */
export type ConfigOf<Group extends SettingGroup> = {
  readonly [Name in keyof Group]: ValueOf<Group[Name]> extends boolean
    ? Group[Name] extends { readonly isNegatable: true }
      ? boolean | undefined
      : boolean
    : Group[Name] extends { readonly fallback: string }
      ? ValueOf<Group[Name]>
      : ValueOf<Group[Name]> | undefined;
};

/** Where a value came from. */
export type Origin = 'flag' | 'environment' | 'file' | 'default';

/** Resolved settings, each with its origin, and the flag, variable or file path that set it; null for a default. */
export interface ResolvedValues<Values> {
  readonly config: Values;
  readonly origins: Readonly<Record<keyof Values, Origin>>;
  readonly givenBy: Readonly<Record<keyof Values, string | null>>;
}

/** Values from commander, by the flag's long name. */
export type FlagValues = Readonly<Record<string, string | boolean | undefined>>;
/** A settings file: its values by key. */
export interface FileSettings {
  readonly path: string;
  readonly values: ReadonlyMap<string, unknown>;
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Resolves a group of settings. Precedence: flag, environment, settings file, default. Throws `usage` for an invalid value. */
export function resolveGroup<Group extends SettingGroup>(
  group: Group,
  flags: FlagValues,
  env: Environment,
  file?: FileSettings,
): ResolvedValues<ConfigOf<Group>> {
  const resolved = Object.entries(group).map(
    ([name, definition]) => [name, resolveSetting(definition, { flag: findFlag(definition, flags), env, file })] as const,
  );
  const collect = (part: keyof ResolvedSetting) => Object.fromEntries(resolved.map(([name, one]) => [name, one[part]]));
  // The only place where untyped records get the types of the settings.
  return {
    config: collect('value'),
    origins: collect('origin'),
    givenBy: collect('givenBy'),
  } as unknown as ResolvedValues<ConfigOf<Group>>;
}

/** The value of a flag; false for `--no-x`. */
function findFlag(definition: Setting<unknown>, flags: FlagValues): string | boolean | undefined {
  const name = flagName(definition);
  return definition.isNegatable === true && flags[`no-${name}`] === true ? false : flags[name];
}

interface ResolvedSetting {
  readonly value: unknown;
  readonly origin: Origin;
  readonly givenBy: string | null;
}

interface Sources {
  readonly flag: string | boolean | undefined;
  readonly env: Environment;
  readonly file: FileSettings | undefined;
}

function resolveSetting(definition: Setting<unknown>, { flag, env, file }: Sources): ResolvedSetting {
  const { env: ownEnv, otherEnv, refusesEmpty = false, isNegatable = false, fallback } = definition;
  const givenBy = `--${flag === false ? 'no-' : ''}${flagName(definition)}`;
  if (typeof flag === 'boolean') return { value: flag, origin: 'flag', givenBy };
  if (flag !== undefined) return { value: parseSetting(definition, givenBy, flag), origin: 'flag', givenBy };
  for (const name of otherEnv === undefined ? [ownEnv] : [ownEnv, otherEnv]) {
    const variable = env[name];
    if (variable === '' && refusesEmpty) throw new CctError('usage', `${name} is set, but empty: give it a value, or unset it`);
    if (variable === undefined || variable === '') continue;
    return { value: parseSetting(definition, name, variable), origin: 'environment', givenBy: name };
  }
  const inFile = file?.values.get(settingKey(definition));
  if (file && inFile !== undefined) return { value: inFile, origin: 'file', givenBy: file.path };
  const whenNotGiven = definition.parse === yesOrNo.parse && !isNegatable ? false : undefined;
  const value = fallback === undefined ? whenNotGiven : parseSetting(definition, 'default', fallback);
  return { value, origin: 'default', givenBy: null };
}
