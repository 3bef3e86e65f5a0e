import type * as z from 'zod/mini';
import { CctError } from '../core/errors.ts';
import { yesOrNo } from './values.ts';

/** A setting: how it is given on the command line and in the environment, what it means, and what it is when not given. */
export interface Setting<Value> {
  /** As commander wants it: `-q, --quiet`, `--timeout <duration>`; undefined for what must not stand on a command line. */
  readonly flag?: string;
  readonly env: string;
  /** Another variable of the same meaning, which counts when `env` is not set. */
  readonly otherEnv?: string;
  /** An empty variable is an error, not a setting that was not made: a door that should be shut would stand open. */
  readonly refusesEmpty?: boolean;
  /** The flag may be given again; the texts are joined with commas, as the variable has them. */
  readonly isRepeatable?: boolean;
  readonly schema: z.ZodMiniType<Value, string>;
  /** The texts that can be given, where they are few: help and completions name them. */
  readonly choices?: readonly string[];
  /** What of its value is never shown: all, or the user and password of a URL. A wrong value is not shown at all. */
  readonly secret?: 'all' | 'credentials';
  /** As a user would write it; undefined where there is none. */
  readonly fallback?: string;
  /** The unit of the value, where it has one. */
  readonly unit?: string;
  readonly help: string;
}

/** Settings by the names that the code has for them. */
export type SettingGroup = Readonly<Record<string, Setting<unknown>>>;

/** A setting with a flag and a variable; its type keeps whether it has a default. */
export function setting<const Rest extends Omit<Setting<unknown>, 'flag' | 'env'>>(flag: string, env: string, rest: Rest) {
  return { flag, env, ...rest };
}

/** A setting that is on where its flag is there, and off by default. */
export function onOff(flag: string, env: string, help: string) {
  return { flag, env, schema: yesOrNo, help };
}

/** The long name of a setting's flag, without dashes and argument: `timeout`, `no-cache`; '' where there is none. */
export function flagName({ flag = '' }: Pick<Setting<unknown>, 'flag'>): string {
  return /--([a-z-]+)/.exec(flag)?.[1] ?? flag;
}

/** The value of a text. Throws `usage` for one that the setting does not take, naming what it was given by; the text only where it is no secret. */
export function parseSetting<Value>(
  { schema, secret }: Pick<Setting<Value>, 'schema' | 'secret'>,
  givenBy: string,
  text: string,
): Value {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  const isShown = secret === undefined || (secret === 'credentials' && text.includes('@'));
  const expected = `expected ${parsed.error.issues[0]?.message ?? 'another value'}`;
  throw new CctError('usage', `${givenBy}: ${expected}${isShown ? describeRefused(text) : ''}`);
}

const USER_AND_HOST =
  /^((?:https?|ftps?|rediss?|socks[45]?[ah]?):\/\/)?[^@/\\?#]*(?:@|%40)([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?(?:[/?#](?!.*(?:@|%40)).*)?$/is;

/**
 * The end of a message about a refused value: `, got "…"`. A value with an `@` may hold a password, so only its scheme, host and port are
 * shown; nothing where they cannot be told from a password.
 */
export function describeRefused(text: string): string {
  if (!/@|%40/i.test(text)) return `, got ${JSON.stringify(text)}`;
  const [, scheme = '', host, port = ''] = USER_AND_HOST.exec(text) ?? [];
  return host === undefined ? '' : `, got ${scheme}<hidden>@${host}${port}`;
}
