import type { Command } from 'commander';
import { toCounts } from '../../core/amount.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import { diffSnapshots } from '../../wiring/lists/diff-snapshots.ts';
import type { Run } from '../program/command.ts';
import { addSettings } from '../program/command.ts';
import type { Session } from '../session.ts';
import { print } from '../session.ts';

const LIST = 'installed, sample, or a file that snapshot import reads';

/** `cct snapshot diff`. */
export function declare(command: Command): Run {
  command.argument('<before>', LIST).argument('<after>', LIST);
  addSettings(command);
  return async (session: Session, before: string, after: string) => {
    const diff = await diffSnapshots(before, after, session);
    session.talk.note(`${before} to ${after}: ${toCounts(diff.counts) || 'no changes'}`);
    return print(session, `${toSafeJson(diff, 2)}\n`);
  };
}
