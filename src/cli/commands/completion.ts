import type { Command } from 'commander';
import { toBash } from '../completion/bash.ts';
import { toFish } from '../completion/fish.ts';
import type { Offer } from '../completion/offers.ts';
import { toOffers } from '../completion/offers.ts';
import { toPowerShell } from '../completion/powershell.ts';
import type { ShellName } from '../completion/shells.ts';
import { toZsh } from '../completion/zsh.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';

const SCRIPTS: Readonly<Record<ShellName, (offers: readonly Offer[]) => string>> = {
  bash: toBash,
  zsh: toZsh,
  fish: toFish,
  powershell: toPowerShell,
};

/** `cct completion`: prints a script that completes the commands of this program. Installs nothing. Resolves to the exit status. */
export async function runCompletion({ stdout }: Session, program: Command, shell: ShellName): Promise<number> {
  return (await stdout.write(SCRIPTS[shell](toOffers(program)))) ? 0 : CLOSED_PIPE_STATUS;
}
