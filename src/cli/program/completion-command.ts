import type { Command } from 'commander';
import { Argument } from 'commander';
import { talkSettings } from '../../config.ts';
import { addSettings, flagsOf } from './command-settings.ts';
import type { ShellName } from '../completion/shells.ts';
import { SHELLS } from '../completion/shells.ts';
import type { OnInvocation } from './invocation.ts';

/** `cct completion`, made from the program's own tree of commands. */
export function addCompletionCommand(program: Command, onInvocation: OnInvocation): void {
  const completion = program
    .command('completion')
    .description('print the completion script for a shell')
    .addArgument(new Argument('<shell>', 'name of the shell').choices(SHELLS));
  addSettings(completion, { 'Output verbosity': talkSettings });
  completion.action((shell: ShellName) => {
    onInvocation({
      flags: flagsOf(completion),
      run: async (session) => (await import('../commands/completion.ts')).runCompletion(session, program, shell),
    });
  });
}
