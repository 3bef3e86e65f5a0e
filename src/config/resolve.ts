import type * as z from 'zod/mini';
import { CctError } from '../core/errors.ts';
import type { Setting, SettingGroup } from './setting.ts';
import { flagName, parseSetting } from './setting.ts';
import { yesOrNo } from './values.ts';

type ValueOf<Definition extends Setting<unknown>> = z.infer<Definition['schema']>;

/** The values of a group of settings; on/off settings are false, and those without a default undefined, when not given. */
export type ConfigOf<Group extends SettingGroup> = {
  readonly [Name in keyof Group]: ValueOf<Group[Name]> extends boolean
    ? boolean
    : Group[Name] extends { readonly fallback: string }
      ? ValueOf<Group[Name]>
      : ValueOf<Group[Name]> | undefined;
};

/** Where a value came from. */
export type Origin = 'flag' | 'environment' | 'default';

/** Settings as resolved, each with its origin, and the flag or variable that gave it, as it is written; null for a default. */
export interface ResolvedValues<Values> {
  readonly config: Values;
  readonly origins: Readonly<Record<keyof Values, Origin>>;
  readonly givenBy: Readonly<Record<keyof Values, string | null>>;
}

/** Values as commander gives them: by the flag's long name, texts and truths. */
export type FlagValues = Readonly<Record<string, string | boolean | undefined>>;
/** Variables of the environment by their names. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Flag over environment over default, for each setting of a group. Throws `usage`, naming what is wrong. */
export function resolveGroup<Group extends SettingGroup>(
  group: Group,
  flags: FlagValues,
  env: Environment,
): ResolvedValues<ConfigOf<Group>> {
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  const givers: Record<string, string | null> = {};
  for (const [name, definition] of Object.entries(group)) {
    const { value, origin, givenBy } = resolveSetting(definition, flags[flagName(definition)], env);
    values[name] = value ?? (definition.schema === yesOrNo ? false : undefined);
    origins[name] = origin;
    givers[name] = givenBy;
  }
  // The one place where the loop's untyped records become what the table of settings says they are.
  type Whole = ResolvedValues<ConfigOf<Group>>;
  return {
    config: values as ConfigOf<Group>,
    origins: origins as Whole['origins'],
    givenBy: givers as Whole['givenBy'],
  };
}

function resolveSetting(definition: Setting<unknown>, flag: string | boolean | undefined, env: Environment) {
  const givenBy = `--${flagName(definition)}`;
  if (typeof flag === 'boolean') return { value: flag, origin: 'flag' as const, givenBy };
  if (flag !== undefined) return { value: parseSetting(definition, givenBy, flag), origin: 'flag' as const, givenBy };
  for (const name of [definition.env, definition.otherEnv]) {
    const variable = name === undefined ? undefined : env[name];
    if (name !== undefined && variable === '' && definition.refusesEmpty) {
      throw new CctError('usage', `${name} is set, but empty: give it a value, or unset it`);
    }
    if (name === undefined || variable === undefined || variable === '') continue;
    return { value: parseSetting(definition, name, variable), origin: 'environment' as const, givenBy: name };
  }
  const { fallback } = definition;
  const value = fallback === undefined ? undefined : parseSetting(definition, 'default', fallback);
  return { value, origin: 'default' as const, givenBy: null };
}
