import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Resolved, Setting } from '../../config.ts';
import {
  outputSettings,
  resolveServeConfig,
  serveSettings,
  settingKey,
  settings,
  toFileValue,
  verbositySettings,
} from '../../config.ts';
import { toAmount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import { settingsPath } from '../../wiring/open-settings.ts';
import { writeSettings } from '../../wiring/write-settings.ts';
import type { Run } from '../program/command.ts';
import { addAllSettings } from '../program/command.ts';
import type { Session } from '../session.ts';
import { print } from '../session.ts';

export const readsSettings = 'existing';

/** `cct config init`. It has the flags of all commands, and writes their values. */
export function declare(command: Command): Run {
  command.option('--force', 'replace the file if it exists');
  addAllSettings(command, outputSettings.format);
  return runInit;
}

/**
 * Writes the lookup settings, and the settings of `serve` that differ from their defaults. Leaves out settings that are not allowed in a
 * file, with a note for a secret. Rejects with `output` if the file exists. Resolves to the exit status.
 */
async function runInit(session: Session, { force = false }: { readonly force?: boolean }): Promise<number> {
  const { flags, file, io, talk } = session;
  const path = settingsPath(flags, io);
  if (path === null)
    throw new CctError('usage', 'cct config init writes a settings file: leave --no-config out, or name one with --config');
  const serve = resolveServeConfig(flags, io.env, file);
  const shown = { ...toValues(session, settings, session, { hasDefaults: true }), ...toValues(session, serveSettings, serve) };
  await writeSettings(path, `${toSafeJson(shown, 2)}\n`, force);
  talk.note(`${toAmount(Object.keys(shown).length, 'setting')} written to ${path}; docs/settings.md describes each`);
  return print(session, `${toSafeJson({ path: resolve(path) })}\n`);
}

/** The values of a group that are allowed in a file, by key. */
function toValues<Name extends string>(
  { talk }: Session,
  group: Readonly<Record<Name, Setting<unknown>>>,
  { config, origins }: Pick<Resolved<Readonly<Record<Name, unknown>>>, 'config' | 'origins'>,
  { hasDefaults = false }: { readonly hasDefaults?: boolean } = {},
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(group) as [Name, Setting<unknown>][]) {
    // These flags apply to this run: -q suppresses the notes.
    const isOfRun = name in verbositySettings && origins[name] === 'flag';
    if (isOfRun || (origins[name] === 'default' && !hasDefaults)) continue;
    const value = toFileValue(definition, config[name]);
    if (value !== undefined) values[settingKey(definition)] = value;
    else if (definition.secret !== undefined && origins[name] !== 'default') {
      talk.note(`${settingKey(definition)} is left out: it contains a secret; keep it in ${definition.env}`);
    }
  }
  return values;
}
