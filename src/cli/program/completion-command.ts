import type { Command } from 'commander';
import { Argument } from 'commander';
import { talkSettings } from '../../config.ts';
import { CctError } from '../../core/errors.ts';
import { addSettings, flagsOf } from './command-settings.ts';
import type { ShellName } from '../completion/shells.ts';
import { SHELLS } from '../completion/shells.ts';
import type { OnInvocation } from './invocation.ts';

/** `cct completion`, made from the program's own tree of commands. */
export function addCompletionCommand(program: Command, onInvocation: OnInvocation): void {
  const argument = new Argument('<shell>', 'name of the shell');
  // Named only: `choices()` would check them too, in words that are not ours.
  argument.argChoices = [...SHELLS];
  const completion = program.command('completion').description('print the completion script for a shell').addArgument(argument);
  addSettings(completion, { 'Output verbosity': talkSettings });
  completion.action((given: string) => {
    const shell = parseShell(given);
    onInvocation({
      flags: flagsOf(completion),
      run: async (session) => (await import('../commands/completion.ts')).runCompletion(session, program, shell),
    });
  });
}

function parseShell(given: string): ShellName {
  const shell = SHELLS.find((name) => name === given);
  if (shell !== undefined) return shell;
  const names = `${SHELLS.slice(0, -1).join(', ')} or ${SHELLS.at(-1) ?? ''}`;
  throw new CctError('usage', `unknown shell '${given}'; expected ${names}`);
}
