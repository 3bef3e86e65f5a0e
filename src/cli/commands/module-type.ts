import { CctError } from '../../core/errors.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import type { ModuleAuth } from '../../relay/module-type.ts';
import { toModuleType } from '../../relay/module-type.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';

/** What `cct module-type` was given. */
export interface ModuleTypeWishes {
  readonly url: string;
  readonly auth: ModuleAuth;
  readonly audience?: string;
  readonly jwksHost?: string;
}

/**
 * `cct module-type`: prints what is sent to the platform to register a relay. Resolves to the exit status; rejects with `usage` when the
 * wishes do not fit together.
 */
export async function runModuleType({ stdout }: Session, wishes: ModuleTypeWishes): Promise<number> {
  refuseWithoutEffect(wishes);
  return (await stdout.write(`${toSafeJson(toModuleType(wishes), 2)}\n`)) ? 0 : CLOSED_PIPE_STATUS;
}

/** As in `serve`: whoever gives a setting believes that it counts. */
function refuseWithoutEffect({ auth, audience, jwksHost }: ModuleTypeWishes): void {
  if (audience !== undefined && (auth === 'none' || auth === 'bearer')) {
    throw new CctError('usage', `--audience has no effect with --auth ${auth}: only hs256 and rs256 have an audience`);
  }
  if (jwksHost !== undefined && auth !== 'rs256') {
    throw new CctError('usage', `--jwks-host has no effect with --auth ${auth}: only rs256 has keys of a host`);
  }
}
