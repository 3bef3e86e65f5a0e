import { stat } from 'node:fs/promises';
import type { Setting } from '../../config.ts';
import { flagName, hideSecret, settings } from '../../config.ts';
import { toShellWord } from '../../core/shell-word.ts';
import { defang } from '../../text/defanged.ts';
import { toObservable } from '../../text/detect-type.ts';

/** Flags of observables. */
const OBSERVABLE_FLAGS = ['ip', 'url', 'domain'];
const ALL: readonly Setting<unknown>[] = Object.values(settings);

/** The command line in shell syntax, for a page that others read: without secrets, and with observables defanged if `isDefanged`. */
export async function toCommandLine(args: readonly string[], isDefanged: boolean): Promise<string> {
  const words = ['cct'];
  const rest = [...args];
  let hasFlags = true;
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, long, joined] = (hasFlags && /^--([a-z-]+)(?:=([^]*))?$/.exec(word)) || [];
    const name = long ?? (hasFlags ? toLongName(word) : '');
    if (name === '') {
      hasFlags &&= word !== '--';
      words.push(
        isDefanged && !word.startsWith('-') && !(await isPath(word)) ? defangOne(hideSecret({}, word)) : hideSecret({}, word),
      );
      continue;
    }
    const value = joined ?? (takesValue(name) ? rest.shift() : undefined);
    const shown = value === undefined ? undefined : toShown(name, value, isDefanged);
    if (joined !== undefined) words.push(`--${name}=${shown ?? ''}`);
    else words.push(word, ...(shown === undefined ? [] : [shown]));
  }
  return words.map(toShellWord).join(' ');
}

/** The long name of a short flag; '' for other words. */
function toLongName(word: string): string {
  const setting = ALL.find(({ flag }) => flag?.startsWith(`${word}, `) === true);
  return setting === undefined ? '' : flagName(setting);
}

function takesValue(name: string): boolean {
  return OBSERVABLE_FLAGS.includes(name) || findSetting(name)?.flag?.includes('<') === true;
}

function findSetting(name: string): Setting<unknown> | undefined {
  return ALL.find((setting) => flagName(setting) === name);
}

function toShown(name: string, value: string, isDefanged: boolean): string {
  const shown = hideSecret(findSetting(name) ?? {}, value);
  if (!isDefanged || !OBSERVABLE_FLAGS.includes(name)) return shown;
  return name === 'url' ? defang(shown) : shown.split(',').map(defang).join(',');
}

async function isPath(word: string): Promise<boolean> {
  return (await stat(word).catch(() => undefined)) !== undefined;
}

function defangOne(word: string): string {
  return toObservable(word) === undefined ? word : defang(word);
}
