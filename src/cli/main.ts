import { setMaxListeners } from 'node:events';
import packageJson from '../../package.json' with { type: 'json' };
import type { Config, FileSettings } from '../config.ts';
import { resolveConfig } from '../config.ts';
import type { ReadSettingsOptions } from '../wiring/open-settings.ts';
import { describeUnknownVariables, readSettings } from '../wiring/open-settings.ts';
import { CctError, exitStatusByCode, toCctError } from '../core/errors.ts';
import type { Io, StopSignal } from './io.ts';
import { findColour, hasColour, openColours, resolveColour } from './output/colour.ts';
import { createWriter } from '../files/writer.ts';
import type { Writer } from '../files/writer.ts';
import { parseArguments } from './program/parse-arguments.ts';
import type { Invocation } from './program/program.ts';
import type { Session } from './session.ts';
import type { Talk } from './talk.ts';
import { createTalk } from './talk.ts';

const STATUS_BY_SIGNAL: Record<StopSignal, number> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * Runs one command line and resolves to its exit status (docs/errors.md lists them). The only place that catches: a `CctError` is
 * reported in one line on stderr, anything else as a bug, with its stack.
 */
export async function main(io: Io): Promise<number> {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  let stoppedBy: StopSignal | undefined;
  io.onStopSignal((signal) => {
    stoppedBy ??= signal;
    controller.abort(new CctError('interrupted', INTERRUPTED));
  });
  const onClosed = () => controller.abort(new CctError('interrupted', 'The output pipe was closed'));
  const stdout = createWriter(io.stdout, 'stdout', onClosed);
  const stderr = createWriter(io.stderr, 'stderr', () => undefined);

  // Created before the settings are read, to report their errors.
  let talk = await openTalk(io, stderr, { quiet: false, verbose: false, debug: false, color: findColour(io.args) });
  try {
    const invocation = await parseArguments(io, { version: packageJson.version, stdout, stderr });
    if (typeof invocation === 'number') return invocation;
    const notes: string[] = [];
    const file = await readFile(io, invocation, { signal: controller.signal, note: (text) => notes.push(text) });
    const settingFlags = Object.entries(invocation.flags).filter(([name]) => !invocation.ownFlags.includes(name));
    const { config, origins, givenBy } = resolveConfig(Object.fromEntries(settingFlags), io.env, file);
    const options = { env: io.env, color: resolveColour({ config, origins }) };
    talk = await openTalk(io, stderr, { ...config, color: options.color });
    notes.push(...describeUnknownVariables(io));
    // A service logs in its own format.
    for (const text of invocation.endsWithSignal ? [] : notes) talk.note(text);
    const colour = { stdout: hasColour(io.stdout, options), stderr: hasColour(io.stderr, options) };
    const session: Session = {
      io,
      flags: invocation.flags,
      config,
      origins,
      givenBy,
      file,
      startNotes: notes,
      stdout,
      talk,
      signal: controller.signal,
      version: packageJson.version,
      colour,
    };
    const status = await invocation.run(session);
    return stoppedBy === undefined || invocation.endsWithSignal ? status : STATUS_BY_SIGNAL[stoppedBy];
  } catch (thrown) {
    return reportError(toCctError(thrown), talk, stoppedBy);
  } finally {
    await talk.flushed();
  }
}

const INTERRUPTED = 'Interrupted before it was answered';

async function readFile(
  io: Io,
  { flags, readsSettings }: Invocation,
  options: Pick<ReadSettingsOptions, 'signal' | 'note'>,
): Promise<FileSettings | undefined> {
  if (readsSettings === 'none') return undefined;
  const reading = readSettings(flags, io, {
    ...options,
    isNamedOnly: readsSettings === 'named',
    mayBeMissing: readsSettings === 'existing',
  });
  if (readsSettings !== 'existing' || flags['force'] !== true) return reading;
  // An invalid file is replaced, too.
  return reading.catch((thrown: unknown) => {
    options.note(`replaced: ${toCctError(thrown).message}`);
    return undefined;
  });
}

async function openTalk(io: Io, stderr: Writer, config: Pick<Config, 'quiet' | 'verbose' | 'debug' | 'color'>): Promise<Talk> {
  const colours = await openColours(hasColour(io.stderr, { env: io.env, color: config.color }));
  return createTalk({ stderr, colours, isQuiet: config.quiet, isVerbose: config.verbose, isDebugging: config.debug });
}

function reportError(error: CctError, talk: Talk, stoppedBy: StopSignal | undefined): number {
  // For a whole run. The original message is about a single observable.
  talk.problem(error.message === INTERRUPTED ? 'interrupted' : error.message);
  talk.causes(error);
  return stoppedBy === undefined ? exitStatusByCode[error.code] : STATUS_BY_SIGNAL[stoppedBy];
}
