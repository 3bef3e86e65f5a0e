import { CctError } from '../core/errors.ts';
import type { ValueType } from './values.ts';
import { yesOrNo } from './values.ts';

/** A setting: how it is given, what it means, and its default. */
export interface Setting<Value> extends ValueType<Value> {
  /** As commander wants it: `-q, --quiet`, `--timeout <duration>`; undefined for what must not be on a command line. */
  readonly flag?: string;
  readonly env: string;
  /** Another variable of the same meaning, which counts when `env` is not set. */
  readonly otherEnv?: string;
  /** An empty variable is an error instead of an absent setting: authentication must not be off by mistake. */
  readonly refusesEmpty?: boolean;
  /** Only the flag counts, no variable. Default false. */
  readonly isFlagOnly?: boolean;
  /** The flag may be given again; the texts are joined with commas, as the variable has them. */
  readonly isRepeatable?: boolean;
  /** An on/off setting whose flag has a second form, `--no-…`; undefined if neither is given. */
  readonly isNegatable?: boolean;
  /** Which part of the value is never shown: all of it, or the user and password of a URL. */
  readonly secret?: 'all' | 'credentials';
  /** It is meant for one run, and refused in a settings file. */
  readonly isPerRun?: boolean;
  /** The default, as a user would write it. */
  readonly fallback?: string;
  readonly unit?: string;
  readonly help: string;
}

/** Settings by the names that the code has for them. */
export type SettingGroup = Readonly<Record<string, Setting<unknown>>>;

type Rest = Omit<Setting<unknown>, 'flag' | 'env' | keyof ValueType<unknown>>;

/** A setting whose variable is named after its flag: `CCT_TIMEOUT`. Its type keeps whether it has a default. */
export function setting<Type extends ValueType<unknown>, const Given extends Rest>(flag: string, type: Type, rest: Given) {
  return { flag, env: `CCT_${flagName({ flag }).toUpperCase().replaceAll('-', '_')}`, ...type, ...rest };
}

/** A setting that is on if its flag is given, and off by default. */
export function onOff(flag: string, help: string, rest: Omit<Rest, 'help'> = {}) {
  return setting(flag, yesOrNo, { help, ...rest });
}

/** An on/off setting for one run alone. */
export function onOffPerRun(flag: string, help: string) {
  return onOff(flag, help, { isPerRun: true });
}

/** The long name of a setting's flag, without dashes and argument: `timeout`, `no-cache`; '' without one. */
export function flagName({ flag = '' }: Pick<Setting<unknown>, 'flag'>): string {
  return /--([a-z-]+)/.exec(flag)?.[1] ?? flag;
}

/** The key of a setting in JSON, as jq takes it: `api_url`. A setting without a flag has the name of its variable. */
export function settingKey({ flag, env }: Pick<Setting<unknown>, 'flag' | 'env'>): string {
  return (flag === undefined ? env.replace(/^CCT_/, '').toLowerCase() : flagName({ flag })).replaceAll('-', '_');
}

/** Parses the text of a setting. Throws `usage` for an invalid one; the message names its flag or variable, and quotes the text unless it is secret. */
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
 * The end of a message about a refused value: `, got "…"`. A value with an `@` may hold a password: only its scheme, host and port are
 * shown, or nothing if they cannot be told from a password.
 */
export function describeRefused(text: string): string {
  if (!/@|%40/i.test(text)) return `, got ${JSON.stringify(text)}`;
  const [, scheme = '', host, port = ''] = USER_AND_HOST.exec(text) ?? [];
  return host === undefined ? '' : `, got ${scheme}<hidden>@${host}${port}`;
}

const HIDDEN = '<hidden>';
const USER_IN_URL = /([a-z][a-z0-9+.-]*:\/\/)[^/?#]*(?:@|%40)/gi;

/** Whether a value is a secret, or a URL that holds one, neither of which is allowed in a settings file. */
export function holdsSecret({ secret }: Pick<Setting<unknown>, 'secret'>, value: unknown): boolean {
  return secret === 'all' || (secret === 'credentials' && typeof value === 'string' && /@|%40/i.test(value));
}

/** The text of a setting, its secret hidden; of any other text, the user and password of URLs: either may be a token. */
export function hideSecret({ secret }: Pick<Setting<unknown>, 'secret'>, text: string): string {
  if (secret === undefined) return text.replace(USER_IN_URL, `$1${HIDDEN}@`);
  if (secret === 'all' || !URL.canParse(text)) return HIDDEN;
  const { protocol, host, pathname, username, password } = new URL(text);
  return `${protocol}//${username + password === '' ? '' : `${HIDDEN}@`}${host}${pathname}`;
}
