import type { Command } from 'commander';
import { Argument } from 'commander';
import { toBash } from '../completion/bash.ts';
import { toFish } from '../completion/fish.ts';
import { toSpecs } from '../completion/spec.ts';
import { toPowerShell } from '../completion/powershell.ts';
import { toZsh } from '../completion/zsh.ts';
import type { Run } from '../program/command.ts';
import { addSettings } from '../program/command.ts';
import { print } from '../session.ts';

const SCRIPTS = { bash: toBash, zsh: toZsh, fish: toFish, powershell: toPowerShell } as const;

// An invalid settings file must not break the start of a shell.
export const readsSettings = 'none';

/** `cct completion`: prints a script that completes the program's commands. It installs nothing. */
export function declare(command: Command): Run {
  command.addArgument(new Argument('<shell>', 'name of the shell').choices(Object.keys(SCRIPTS)));
  addSettings(command);
  return (session, shell: keyof typeof SCRIPTS) => print(session, SCRIPTS[shell](toSpecs(command.parent ?? command)));
}
