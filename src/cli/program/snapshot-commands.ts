import type { Command } from 'commander';
import { talkSettings, trackerSettings } from '../../config.ts';
import { addSettings, flagsOf } from './command-settings.ts';
import type { ImportOptions } from '../../wiring/import-snapshot.ts';
import type { OnInvocation } from './invocation.ts';

const IMPORTED =
  "the tracker's all.php or index.php as saved, a snapshot, csv with the header Domain,Malware,Date added,Source, " +
  'or tab-separated text with the header date, url, ip, family';

/** `cct snapshot` and its commands. */
export function addSnapshotCommands(program: Command, onInvocation: OnInvocation): void {
  const snapshot = program.command('snapshot').description("manage the local copy of the tracker's list");

  const update = snapshot
    .command('update')
    .description("download the tracker's list and install it")
    .option('--force', 'install the list even if it has less than half of the installed entries');
  const { apiUrl, timeoutMs, retries, ratePerSecond, proxy, userAgent } = trackerSettings;
  addSettings(update, {
    Tracker: { apiUrl, timeoutMs, retries, ratePerSecond, proxy, userAgent },
    'Output verbosity': talkSettings,
  });
  update.action((options: { readonly force?: boolean }) => {
    onInvocation({
      flags: flagsOf(update),
      run: async (session) => (await import('../commands/snapshot-update.ts')).runSnapshotUpdate(session, options),
    });
  });

  const install = snapshot
    .command('import')
    .description('install lists from files')
    .argument('<file...>', IMPORTED)
    .option('--date <day>', 'date of the list, as YYYY-MM-DD (default: the newest known date)')
    .option('--merge', 'add to the installed snapshot instead of replacing it');
  addSettings(install, { 'Output verbosity': talkSettings });
  install.action((files: string[], options: ImportOptions) => {
    onInvocation({
      flags: flagsOf(install),
      run: async (session) => (await import('../commands/snapshot-import.ts')).runSnapshotImport(session, files, options),
    });
  });

  const info = snapshot.command('info').description('show date, origin and size of the installed snapshot');
  addSettings(info, { Tracker: { snapshot: trackerSettings.snapshot }, 'Output verbosity': talkSettings });
  info.action(() => {
    onInvocation({
      flags: flagsOf(info),
      run: async (session) => (await import('../commands/snapshot-info.ts')).runSnapshotInfo(session),
    });
  });
}
