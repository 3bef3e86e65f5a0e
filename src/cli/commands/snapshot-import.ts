import type { Command } from 'commander';
import type { ImportOptions } from '../../wiring/lists/import-snapshot.ts';
import { importSnapshot } from '../../wiring/lists/import-snapshot.ts';
import { printInstalled, reportIgnored } from '../output/snapshot.ts';
import type { Run } from '../program/command.ts';
import { addSettings } from '../program/command.ts';

const FILES =
  "the tracker's all.php or index.php as saved, a snapshot, csv with the header Domain,Malware,Date added,Source, " +
  'or tab-separated text with the header date, url, ip, family';

/** `cct snapshot import`. */
export function declare(command: Command): Run {
  command
    .argument('<file...>', FILES)
    .option('--date <day>', 'date of the list, as YYYY-MM-DD (default: the newest known date)')
    .option('--merge', 'add to the installed snapshot instead of replacing it');
  addSettings(command);
  return async (session, files: string[], options: ImportOptions) => {
    const installed = await importSnapshot(session, files, options, { notices: session.talk, signal: session.signal });
    reportIgnored(session, installed);
    return printInstalled(session, installed);
  };
}
