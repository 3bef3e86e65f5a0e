import { resolve } from 'node:path';
import type { Command } from 'commander';
import { getProxyForUrl } from 'proxy-from-env';
import type { Origin, Resolved, Setting } from '../../config.ts';
import {
  formatDuration,
  hideSecret,
  isProxyUrl,
  outputSettings,
  resolveServeConfig,
  serveSettings,
  settingKey,
  settings,
} from '../../config.ts';
import { CctError } from '../../core/errors.ts';
import { toSafeJson, toVisible } from '../../core/safe-text.ts';
import { openColours } from '../output/colour.ts';
import { resolveCacheDir } from '../../wiring/open-answer-store.ts';
import { findRefusal } from '../../wiring/relay/open-authentication.ts';
import { installedPath } from '../../wiring/lists/open-snapshot.ts';
import { settingsPath } from '../../wiring/open-settings.ts';
import { resolveSource } from '../../wiring/resolve-source.ts';
import type { Run } from '../program/command.ts';
import { addAllSettings } from '../program/command.ts';
import type { Session } from '../session.ts';
import { print } from '../session.ts';

/** A setting: its value or null, with durations as text; its origin; the flag, variable or file that set it. */
interface ShownSetting {
  readonly value: ShownValue;
  readonly origin: Origin;
  readonly given_by: string | null;
}

type ShownValue = string | number | boolean | null | readonly string[];
type ShownSettings = Readonly<Record<string, ShownSetting>>;

/** `cct config`. It has the flags of all commands, to show their effect. */
export function declare(command: Command): Run {
  const format = { ...outputSettings.format, choices: ['json', 'table'], help: 'json, or a table for reading' };
  addAllSettings(command, format);
  return runConfig;
}

/**
 * Prints every setting by the name of its flag, and the paths of snapshot and cache, with secrets hidden. Reports why `serve` would not
 * start. Resolves to the exit status; rejects with `usage` for contradictory settings, and for unsupported formats.
 */
async function runConfig(session: Session): Promise<number> {
  const { config, origins, flags, file, io, talk } = session;
  if (origins.format === 'flag' && config.format !== 'json' && config.format !== 'table') {
    throw new CctError('usage', `--format ${config.format} is for observables: cct config prints json or table`);
  }
  const serve = resolveServeConfig(flags, io.env, file);
  const shown = { ...toShown(settings, session), ...toShown(serveSettings, serve), ...toEffective(session) };
  const paths = toPaths(session);
  const text =
    config.format === 'table' ? await toTable(session, shown, paths) : `${toSafeJson({ settings: shown, paths }, 2)}\n`;
  const refusal = await findRefusal(session, serve);
  if (refusal) talk.note(`serve would not start: ${refusal.message}`);
  return print(session, text);
}

function toShown<Name extends string>(
  group: Readonly<Record<Name, Setting<unknown>>>,
  { config, origins, givenBy }: Resolved<Readonly<Record<Name, unknown>>>,
): ShownSettings {
  const entries = (Object.entries(group) as [Name, Setting<unknown>][]).map(([name, setting]) => [
    settingKey(setting),
    { value: toValue(setting, config[name]), origin: origins[name], given_by: givenBy[name] },
  ]);
  return Object.fromEntries(entries) as ShownSettings;
}

function toValue({ unit, secret }: Setting<unknown>, value: unknown): ShownValue {
  if (value === undefined) return null;
  if (secret !== undefined && typeof value === 'string') return hideSecret({ secret }, value);
  if (unit === 'duration' && typeof value === 'number') return formatDuration(value);
  // Settings are only texts, numbers, booleans and lists of texts.
  return value as ShownValue;
}

/** The defaults that depend on other settings or the environment. */
function toEffective(session: Session): ShownSettings {
  const { config, origins, givenBy, version, io } = session;
  const systemProxy = config.proxy === undefined ? getProxyForUrl(config.apiUrl) : '';
  const shown: ShownSettings = {
    source: { value: resolveSource(session), origin: origins.source, given_by: givenBy.source },
    user_agent: { value: config.userAgent ?? `cct/${version}`, origin: origins.userAgent, given_by: givenBy.userAgent },
  };
  if (systemProxy === '') return shown;
  const value = hideSecret({ secret: isProxyUrl(systemProxy) ? 'credentials' : 'all' }, systemProxy);
  return { ...shown, proxy: { value, origin: 'environment', given_by: proxyVariable(config.apiUrl, io.env) } };
}

/** The variable from which `proxy-from-env` takes the proxy for a URL. */
function proxyVariable(url: string, env: Session['io']['env']): string | null {
  const lower = [`${new URL(url).protocol.replace(':', '')}_proxy`, 'all_proxy'];
  return lower.flatMap((name) => [name, name.toUpperCase()]).find((name) => (env[name] ?? '') !== '') ?? null;
}

/** The paths of snapshot, cache and settings file, whether or not they exist; null for the built-in snapshot and for no settings file. */
function toPaths(session: Session): Readonly<Record<'snapshot' | 'cache' | 'config', string | null>> {
  const { snapshot } = session.config;
  const named = snapshot === undefined ? installedPath(session.io) : resolve(snapshot);
  const config = settingsPath(session.flags, session.io);
  return {
    snapshot: snapshot === 'sample' ? null : named,
    cache: resolveCacheDir(session),
    config: config === null ? null : resolve(config),
  };
}

async function toTable(
  { colour }: Session,
  shown: ShownSettings,
  paths: Readonly<Record<string, string | null>>,
): Promise<string> {
  const { toTable: layOut } = await import('../output/table-layout.ts');
  const colours = await openColours(colour.stdout);
  const rows = Object.entries(shown).map(([name, setting]) => {
    return [name, toVisible(toCell(setting.value)), setting.origin, setting.given_by ?? ''];
  });
  const places = Object.entries(paths).map(([name, path]) => [`${name} (path)`, toVisible(path ?? ''), '', '']);
  const lines = layOut({
    columns: ['SETTING', 'VALUE', 'ORIGIN', 'GIVEN BY'].map((heading) => ({ heading })),
    rows: [...rows, ...places],
    toCells: (cells) => cells,
    paintHeading: (text) => colours.bold(text),
  });
  return [...lines].join('');
}

function toCell(value: ShownValue): string {
  return typeof value === 'object' ? (value ?? []).join(',') : String(value);
}
