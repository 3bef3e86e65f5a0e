import type { Setting } from '../../config.ts';
import { flagName, resolveConfig, resolveServeConfig, serveSettings, settings } from '../../config.ts';
import { CctError } from '../../core/errors.ts';
import type { LambdaHandler } from './handler.ts';
import { createLambdaHandler } from './handler.ts';
import { createLog } from '../telemetry/log.ts';
import { openRelay } from '../../wiring/open-relay.ts';
import type { Setup } from '../../wiring/setup.ts';

export interface LambdaOptions extends Pick<Setup, 'io' | 'version'> {
  /** Takes the log, a line at a time. */
  readonly write: (text: string) => void;
}

// An instance is frozen or ended between invocations, never asked to stop.
const never = new AbortController().signal;
// Whoever knows the address of a function can call it, and whether there is one the function does not know.
const DOOR = { place: 'AWS Lambda', isOpen: true };

/**
 * Opens the relay of `cct serve` for AWS Lambda, from the environment alone. What it opens is kept as long as the instance. Rejects with
 * `usage`, `input` or `no-snapshot` in the same words as `serve`, with variables in the place of flags.
 */
export async function openLambda({ io, version, write }: LambdaOptions): Promise<LambdaHandler> {
  try {
    const { config, origins } = resolveConfig({}, io.env);
    const serve = resolveServeConfig({}, io.env);
    const { verbose, debug, quiet } = config;
    const log = createLog({ write, now: () => io.now(), isVerbose: verbose || debug, isQuiet: quiet });
    const { app, access } = await openRelay({ io, config, origins, version }, serve, { log, door: DOOR, stopping: never });
    log.note(`ready on AWS Lambda · ${access}`);
    return createLambdaHandler(app, log);
  } catch (thrown) {
    if (!(thrown instanceof CctError)) throw thrown;
    throw new CctError(thrown.code, toVariables(thrown.message), { cause: thrown });
  }
}

/** A message in terms of variables: nobody can give a flag here. */
function toVariables(message: string): string {
  const known = Object.values<Setting<unknown>>({ ...settings, ...serveSettings });
  return message.replace(/--[a-z][a-z-]*/g, (flag) => known.find((setting) => `--${flagName(setting)}` === flag)?.env ?? flag);
}
