import type { Command } from 'commander';
import { Option } from 'commander';
import { outputSettings } from '../../config.ts';
import { CctError } from '../../core/errors.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import type { ModuleTypeOptions } from '../../wiring/relay/module-type.ts';
import { openModuleType } from '../../wiring/relay/module-type.ts';
import { isStdout, openOutput } from '../output/output.ts';
import type { Run } from '../program/command.ts';
import { addSettings } from '../program/command.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';

/** `cct module-type`. */
export function declare(command: Command): Run {
  const modes = ['none', 'bearer', 'hs256', 'rs256'];
  command
    .requiredOption('--url <url>', 'https URL at which the platform reaches the relay')
    .addOption(new Option('--auth <mode>', 'how the platform authenticates to the relay').choices(modes).default('hs256'))
    .option('--audience <text>', 'audience of the tokens (default: the origin of the URL)')
    .option('--jwks-host <host>', 'rs256: host whose keys sign the tokens')
    .option('--jwt-secret-file <file>', 'hs256: insert the secret from this file; needs --output');
  const help = 'write atomically to a file that only its owner can read (default: stdout)';
  addSettings(command, { Output: { output: { ...outputSettings.output, help } } });
  return runModuleType;
}

/**
 * Writes the JSON that registers a relay to stdout, or to `--output` with mode 0600. Resolves to the exit status; rejects with `usage`
 * for contradictory options, and for a secret that would be written to stdout.
 */
async function runModuleType(session: Session, options: ModuleTypeOptions): Promise<number> {
  refuseWithoutEffect(options);
  if (options.jwtSecretFile !== undefined && isStdout(session.config)) {
    throw new CctError('usage', '--jwt-secret-file needs --output FILE: stdout would show the secret in a terminal or a log');
  }
  const json = `${toSafeJson(await openModuleType(options, session.signal), 2)}\n`;
  const output = await openOutput(session, { isPrivate: true });
  try {
    if (!(await output.write(json))) return CLOSED_PIPE_STATUS;
    await output.commit();
    return 0;
  } finally {
    await output.discard();
  }
}

/** Refuses options that would have no effect, as `serve` does. */
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
