import type { Command } from 'commander';
import { trackerSettings } from '../../config.ts';
import { openSnapshot } from '../../wiring/lists/open-snapshot.ts';
import { printSnapshot } from '../output/snapshot.ts';
import type { Run } from '../program/command.ts';
import { addSettings } from '../program/command.ts';

/** `cct snapshot info`, for the installed snapshot or that of `--snapshot`. */
export function declare(command: Command): Run {
  addSettings(command, { Tracker: { snapshot: trackerSettings.snapshot } });
  return async (session) => {
    const opened = await openSnapshot(session.config.snapshot, session);
    if (opened.note !== null) session.talk.note(opened.note);
    return printSnapshot(session, opened);
  };
}
