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

/** `cct module-type`: prints what is sent to the platform to register a relay. Resolves to the exit status. */
export async function runModuleType({ stdout }: Session, wishes: ModuleTypeWishes): Promise<number> {
  return (await stdout.write(`${toSafeJson(toModuleType(wishes), 2)}\n`)) ? 0 : CLOSED_PIPE_STATUS;
}
