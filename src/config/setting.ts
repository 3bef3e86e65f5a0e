import { CctError } from '../core/errors.ts';
import type { ValueType } from './values.ts';
import { yesOrNo } from './values.ts';

/** A setting: its flag and variable, its meaning and its default. */
export interface Setting<Value> extends ValueType<Value> {
  /** In commander's syntax: `-q, --quiet`, `--timeout <duration>`; undefined for secrets, which must not be on a command line. */
  readonly flag?: string;
  readonly env: string;
  /** Another variable with the same meaning, used if `env` is not set. */
  readonly otherEnv?: string;
  /** Whether an empty variable is an error instead of an absent setting: authentication must not be disabled by mistake. */
  readonly refusesEmpty?: boolean;
  /** Whether there is only a flag and no variable. Default false. */
  readonly isFlagOnly?: boolean;
  /** Whether the flag can be repeated. Its values are joined with commas, as in the variable. */
  readonly isRepeatable?: boolean;
  /** Whether an on/off setting has a second flag, `--no-…`; its value is undefined if neither is given. */
  readonly isNegatable?: boolean;
  /** The part of the value that is never shown: all of it, or the user and password of a URL. */
  readonly secret?: 'all' | 'credentials';
  /** Whether it applies to one run only, and is not allowed in a settings file. */
  readonly isPerRun?: boolean;
  /** The default, as a user would write it. */
  readonly fallback?: string;
  readonly unit?: string;
  readonly help: string;
}

/** Settings by their names in the code. */
export type SettingGroup = Readonly<Record<string, Setting<unknown>>>;

type Rest = Omit<Setting<unknown>, 'flag' | 'env' | keyof ValueType<unknown>>;

/** Creates a setting whose variable is named after its flag: `CCT_TIMEOUT`. Its type reflects whether it has a default. */
export function setting<Type extends ValueType<unknown>, const Given extends Rest>(flag: string, type: Type, rest: Given) {
  return { flag, env: `CCT_${flagName({ flag }).toUpperCase().replaceAll('-', '_')}`, ...type, ...rest };
}

/** Creates a setting that is off by default, and on if its flag is given. */
export function onOff(flag: string, help: string, rest: Omit<Rest, 'help'> = {}) {
  return setting(flag, yesOrNo, { help, ...rest });
}

/** Creates an on/off setting that applies to one run only. */
export function onOffPerRun(flag: string, help: string) {
  return onOff(flag, help, { isPerRun: true });
}

/** The long name of a setting's flag, without dashes and argument: `timeout`, `no-cache`; '' if it has no flag. */
export function flagName({ flag = '' }: Pick<Setting<unknown>, 'flag'>): string {
  return /--([a-z-]+)/.exec(flag)?.[1] ?? flag;
}

/** The key of a setting in JSON, in a form that jq accepts unquoted: `api_url`. Without a flag, it is based on the variable. */
export function settingKey({ flag, env }: Pick<Setting<unknown>, 'flag' | 'env'>): string {
  return (flag === undefined ? env.replace(/^CCT_/, '').toLowerCase() : flagName({ flag })).replaceAll('-', '_');
}

/** Parses the text of a setting. If invalid, throws `usage`, naming the flag or variable, and quoting the text unless it is secret. */
export function parseSetting<Value>(
  { expected, parse, secret, hint }: ValueType<Value> & Pick<Setting<Value>, 'secret'>,
  givenBy: string,
  text: string,
): Value {
  const value = parse(text);
  if (value !== null) return value;
  const isShown = secret === undefined || (secret === 'credentials' && text.includes('@'));
  throw new CctError('usage', `${givenBy}: expected ${expected}${isShown ? describeRefused(text) : ''}${hint?.(text) ?? ''}`);
}

const USER_AND_HOST =
  /^((?:https?|ftps?|rediss?|socks[45]?[ah]?):\/\/)?[^@/\\?#]*(?:@|%40)([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?(?:[/?#](?!.*(?:@|%40)).*)?$/is;

/**
 * The end of a message about an invalid value: `, got "…"`. A value with an `@` may contain a password: only its scheme, host and port are
 * shown, or nothing if they cannot be distinguished from a password.
 */
export function describeRefused(text: string): string {
  if (!/@|%40/i.test(text)) return `, got ${JSON.stringify(text)}`;
  const [, scheme = '', host, port = ''] = USER_AND_HOST.exec(text) ?? [];
  return host === undefined ? '' : `, got ${scheme}<hidden>@${host}${port}`;
}

const HIDDEN = '<hidden>';
const USER_IN_URL = /([a-z][a-z0-9+.-]*:\/\/)[^/?#]*(?:@|%40)/gi;

/** Whether a value is a secret or a URL that contains one, which is not allowed in a settings file. */
export function holdsSecret({ secret }: Pick<Setting<unknown>, 'secret'>, value: unknown): boolean {
  return secret === 'all' || (secret === 'credentials' && typeof value === 'string' && /@|%40/i.test(value));
}

/** Hides the secret in the text of a setting. In all other texts, hides the user and password of URLs, since either may be a token. */
export function hideSecret({ secret }: Pick<Setting<unknown>, 'secret'>, text: string): string {
  if (secret === undefined) return text.replace(USER_IN_URL, `$1${HIDDEN}@`);
  if (secret === 'all' || !URL.canParse(text)) return HIDDEN;
  const { protocol, host, pathname, username, password } = new URL(text);
  return `${protocol}//${username + password === '' ? '' : `${HIDDEN}@`}${host}${pathname}`;
}
