import type { Command } from 'commander';
import { cacheSettings, inputSettings, resolveServeConfig, serveSettings, trackerSettings } from '../../config.ts';
import type { Run } from '../program/command.ts';
import { addSettings } from '../program/command.ts';
import type { Session } from '../session.ts';

// The reader of the log may have stalled.
const END_AFTER_MS = 10_000;

export const endsWithSignal = true;
export const readsSettings = 'named';

/** `cct serve`. */
export function declare(command: Command): Run {
  const { cacheTtlMs, noCache, refresh, cacheUrl } = cacheSettings;
  addSettings(command, {
    Server: serveSettings,
    Tracker: { includePrivate: inputSettings.includePrivate, exclude: inputSettings.exclude, ...trackerSettings },
    Cache: { cacheTtlMs, noCache, refresh, cacheUrl },
  });
  return runServe;
}

/** Serves HTTP until it is stopped. Resolves to the exit status. */
async function runServe(session: Session): Promise<number> {
  // The HTTP server is slow to load, and the program's help needs this file.
  const { serveRelay } = await import('../../wiring/relay/serve-relay.ts');
  const { flags, file, io, signal, startNotes } = session;
  await serveRelay(session, resolveServeConfig(flags, io.env, file), {
    startNotes,
    write: (text) => void io.stderr.write(text),
    isForPeople: io.stderr.isTTY === true,
    signal,
    onStopping: () => io.endWithin(END_AFTER_MS),
  });
  return 0;
}
