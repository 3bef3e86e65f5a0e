import { CctError } from '../../core/errors.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import type { ModuleTypeOptions } from '../../wiring/module-type.ts';
import { openModuleType } from '../../wiring/module-type.ts';
import { isStdout, openOutput } from '../output/output.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';

/**
 * `cct module-type`: writes the JSON that registers a relay to stdout, or to `--output` with mode 0600. Resolves to the exit
 * status; rejects with `usage` when the options contradict each other, or when a secret would go to stdout.
 */
export async function runModuleType(session: Session, options: ModuleTypeOptions): Promise<number> {
  refuseWithoutEffect(options);
  if (options.jwtSecretFile !== undefined && isStdout(session.config)) {
    throw new CctError('usage', '--jwt-secret-file needs --output FILE: stdout would show the secret in a terminal or a log');
  }
  const json = `${toSafeJson(await openModuleType(options), 2)}\n`;
  const output = await openOutput(session, { isPrivate: true });
  try {
    if (!(await output.write(json))) return CLOSED_PIPE_STATUS;
    await output.commit();
    return 0;
  } finally {
    await output.discard();
  }
}

/** Refuses options that would be ignored, as `serve` does. */
function refuseWithoutEffect({ auth, audience, jwksHost, jwtSecretFile }: ModuleTypeOptions): void {
  if (audience !== undefined && (auth === 'none' || auth === 'bearer')) {
    throw new CctError('usage', `--audience has no effect with --auth ${auth}: only hs256 and rs256 have an audience`);
  }
  if (jwksHost !== undefined && auth !== 'rs256') {
    throw new CctError('usage', `--jwks-host has no effect with --auth ${auth}: only rs256 has keys of a host`);
  }
  if (jwtSecretFile !== undefined && auth !== 'hs256') {
    throw new CctError('usage', `--jwt-secret-file has no effect with --auth ${auth}: only hs256 has a secret`);
  }
}
