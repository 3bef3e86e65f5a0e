import type { Command } from 'commander';
import { Option } from 'commander';
import type { ExportConfig } from '../../config.ts';
import { exportSettings, inputSettings, outputSettings, resolveExportConfig, trackerSettings } from '../../config.ts';
import { toAmount } from '../../core/amount.ts';
import { CctError, exitStatusByCode } from '../../core/errors.ts';
import type { List } from '../../core/lookups/list-entry.ts';
import type { ExportFormat } from '../../exports/export-format.ts';
import type { Account } from '../../exports/header.ts';
import type { Choices } from '../../exports/selection.ts';
import { checkOutputDirectory } from '../../files/output-directory.ts';
import { toExportSince } from '../../wiring/lists/listed-since.ts';
import { openExclusions } from '../../wiring/open-exclusions.ts';
import { openList } from '../../wiring/lists/open-list.ts';
import { openWarninglists } from '../../wiring/open-warninglists.ts';
import { writeExport } from '../output/export.ts';
import { isStdout } from '../output/output.ts';
import type { Run } from '../program/command.ts';
import { addSettings } from '../program/command.ts';
import type { Session } from '../session.ts';

/** Its `--format` has different choices than that of other commands. */
export const ownFlags = ['format'];

/** `cct snapshot export`. */
export function declare(command: Command): Run {
  const collect = (name: string, before: readonly string[] = []) => [...before, name];
  const family = new Option('--family <name>', 'only entries of this family, in any case; repeatable').argParser(collect);
  const warninglists = {
    ...outputSettings.warninglists,
    help: 'leave out what is on this MISP warninglist, or on those in this directory; repeatable',
  };
  const exclude = { ...inputSettings.exclude, help: 'leave out the addresses, ranges and domains in this file, one per line' };
  const output = { ...outputSettings.output, help: 'write a file, or a directory, atomically (default: stdout)' };
  addSettings(command, {
    Export: { ...exportSettings, exclude, warninglists },
    Output: { output },
    Tracker: { snapshot: trackerSettings.snapshot },
  });
  command.addOption(family.helpGroup('Export:'));
  return runSnapshotExport;
}

interface OwnFlags {
  readonly family?: readonly string[];
}

/** Exports the list. Resolves to 4 if a block list would be empty; rejects with `usage`, `input`, `no-snapshot` or `output`. */
async function runSnapshotExport(session: Session, flags: OwnFlags): Promise<number> {
  try {
    return await exportSnapshot(session, flags);
  } catch (thrown) {
    // The signal's reason would be about lookups.
    if (!session.signal.aborted || isStdout(session.config)) throw thrown;
    throw new CctError('interrupted', 'interrupted: nothing was written', { cause: thrown });
  }
}

async function exportSnapshot(session: Session, { family = [] }: OwnFlags): Promise<number> {
  const config = resolveExportConfig(session.flags);
  const { talk, signal, io } = session;
  if (config.format === undefined) throw new CctError('usage', `--format is missing: expected ${exportSettings.format.expected}`);
  const { exportFormats } = await import('../../exports/formats.ts');
  const { exportList } = await import('../../exports/export-list.ts');
  const format: ExportFormat = exportFormats[config.format];
  await checkTarget(session, format, config.format);
  const given = resolveChoices(config, format);
  const since = toSince(given.since, io.now());
  const { list, note } = await openList(session.config.snapshot, session);
  if (note !== null) talk.note(note);
  noteWithoutEffect(session, config, format);
  const choices = { ...given, since, families: toFamilies(list, family), ...(await openFilters(session)) };
  const { account, written } = exportList(list, format, choices);
  if (account.count === 0 && format.isBlocking) {
    const { describeEmpty } = await import('../../exports/other-choices.ts');
    const ages = ['1y', '5y', 'all'].map((age) => ({ given: age, since: toSince(age, io.now()) }));
    talk.problem(describeEmpty(account, format, choices, ages));
    return exitStatusByCode['not-found'];
  }
  const { describeLeftOut, toHeader } = await import('../../exports/header.ts');
  const header = toHeader(account, describeOptions(session, given, family));
  const status = await writeExport(session, written.render(header, io.now()));
  if (signal.aborted) return status;
  report(session, account, { leftOut: describeLeftOut(account), isInHeader: format.hasComments });
  return status;
}

/** Checks the output before any work is done. */
async function checkTarget({ config }: Session, { isDirectory }: ExportFormat, name: string): Promise<void> {
  if (!isDirectory) return;
  if (config.output === undefined || isStdout(config)) {
    throw new CctError('usage', `--format ${name} writes a directory: add --output DIRECTORY`);
  }
  await checkOutputDirectory(config.output);
}

interface GivenChoices extends Pick<Choices, 'hosts' | 'isResolved' | 'maxShared'> {
  /** As given, else `all`. */
  readonly since: string;
}

/** Resolves the choices. Precedence: given options, `--all`, defaults. */
function resolveChoices(config: ExportConfig, { isBlocking, resolved: whenResolved }: ExportFormat): GivenChoices {
  const isCautious = isBlocking && !config.all;
  const { since = isCautious ? '365d' : 'all', hosts = isCautious ? 'whole' : 'any', resolved, maxShared } = config;
  return { since, hosts, isResolved: resolved && whenResolved === 'asked', maxShared };
}

function toSince(given: string, now: Date): string {
  return given === 'all' ? '' : toExportSince(given, now);
}

function noteWithoutEffect({ talk, flags }: Session, config: ExportConfig, format: ExportFormat): void {
  const { format: name = '', resolved } = config;
  if (resolved && format.resolved !== 'asked') talk.note(`--resolved has no effect with --format ${name}`);
  else if (!resolved && flags['max-shared'] !== undefined) talk.note('--max-shared has no effect without --resolved');
}

/** Families in lower case. Throws `usage` for a family that no entry has, such as a mistyped one. */
function toFamilies({ entries }: List, given: readonly string[]): ReadonlySet<string> {
  const known = new Set(given.length === 0 ? [] : entries.map(({ family }) => family.toLowerCase()));
  const families = given.map((name) => name.trim().toLowerCase());
  const unknown = given.find((_, at) => !known.has(families[at] ?? ''));
  if (unknown !== undefined)
    throw new CctError('usage', `--family: no entry of the list has the family ${JSON.stringify(unknown)}`);
  return new Set(families);
}

async function openFilters({ config, talk, signal }: Session): Promise<Pick<Choices, 'exclusions' | 'warninglists'>> {
  const { exclude, warninglists } = config;
  return {
    exclusions: exclude === undefined ? undefined : await openExclusions(exclude, signal),
    warninglists: warninglists && (await openWarninglists(warninglists, (text) => talk.note(text), signal)),
  };
}

/** The options as given, or their defaults. Contains no time, so that equal options give equal texts. */
function describeOptions(
  { config }: Session,
  { since, hosts, isResolved, maxShared }: GivenChoices,
  families: readonly string[],
): string {
  return [
    `--since ${since} --hosts ${hosts}`,
    ...(isResolved ? [`--resolved --max-shared ${maxShared}`] : []),
    ...families.map((name) => `--family ${JSON.stringify(name)}`),
    ...(config.exclude === undefined ? [] : [`--exclude ${config.exclude}`]),
    ...(config.warninglists ?? []).map((path) => `--warninglist ${path}`),
  ].join(' ');
}

interface Report {
  readonly leftOut: readonly string[];
  readonly isInHeader: boolean;
}

/** Reports the export. What the header already says is repeated only if verbose. */
function report({ talk }: Session, { count, mergedCount, format, list }: Account, { leftOut, isInHeader }: Report): void {
  const [one, many] = format.nouns;
  const merged = mergedCount === 0 ? '' : `; ${toAmount(mergedCount, 'entry', 'entries')} merged with others of the same value`;
  talk.note(`${toAmount(count, one, many)} of ${toAmount(list.entries.length, 'entry', 'entries')}${merged}`);
  for (const line of leftOut) {
    if (isInHeader) talk.detail(`left out: ${line}`);
    else talk.note(`left out: ${line}`);
  }
}
