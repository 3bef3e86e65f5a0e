import { resolveConfig, resolveServeConfig } from '../../config.ts';
import type { LambdaHandler } from './handler.ts';
import { createLambdaHandler } from './handler.ts';
import { createLog } from '../telemetry/log.ts';
import { nameVariable } from '../../wiring/relay/open-authentication.ts';
import { openRelay } from '../../wiring/relay/open-relay.ts';
import { describeUnknownVariables, readSettings } from '../../wiring/open-settings.ts';
import type { Setup } from '../../wiring/setup.ts';

export interface LambdaOptions extends Pick<Setup, 'io' | 'version'> {
  /** Receives the log, one line at a time. */
  readonly write: (text: string) => void;
}

// An instance is frozen or killed between invocations, never stopped gracefully.
const never = new AbortController().signal;
// Callers can reach a function by its address, and it cannot tell whether the API in front of it requires authentication.
const ADDRESS = { name: 'AWS Lambda', isPublic: true };

/**
 * Opens the relay of `cct serve` for AWS Lambda, from the environment and the settings file that `CCT_CONFIG` names. Instances keep it between
 * invocations. Rejects with `usage`, `input` or `no-snapshot`, as `serve` does.
 */
export async function openLambda({ io, version, write }: LambdaOptions): Promise<LambdaHandler> {
  const notes: string[] = [];
  const file = await readSettings({}, io, { isNamedOnly: true, note: (text) => notes.push(text) });
  const { config, origins, givenBy } = resolveConfig({}, io.env, file);
  const serve = resolveServeConfig({}, io.env, file);
  const { verbose, debug, quiet } = config;
  const log = createLog({ write, now: () => io.now(), isVerbose: verbose || debug, isQuiet: quiet });
  for (const text of [...notes, ...describeUnknownVariables(io)]) log.warning(text);
  const options = { log, address: ADDRESS, nameOf: nameVariable, stopping: never };
  const { app, access } = await openRelay({ io, config, origins, givenBy, version }, serve, options);
  log.note(`ready on AWS Lambda · ${access}`);
  return createLambdaHandler(app, log);
}
