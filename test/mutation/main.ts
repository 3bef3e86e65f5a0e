import { toMarkdownTable, writeReport } from '../helpers/report.ts';
import { installStryker, seedDefects } from './run-stryker.ts';
import { SURVIVORS } from './survivors.ts';
import type { Target } from './targets.ts';
import { TARGETS } from './targets.ts';
import type { FileVerdict } from './verdicts.ts';
import { judge, toScore } from './verdicts.ts';

/*
 * Seeds defects into the source, and asks whether the tests notice. All of it, and the report, without arguments; with parts of paths,
 * such as `core/host`, only the files that have one of them, and no report.
 */

const LOWEST_SCORE = 85;
// Where others use the machine too, it may take longer.
const LONGEST_MINUTES = Number(process.env['CCT_MUTATION_MINUTES'] ?? 30);

const say = (text: string) => void process.stdout.write(`${text}\n`);

function toRow({ file, mutants, caught, explained, unexplained }: Omit<FileVerdict, 'caughtByTime' | 'stale'>): string[] {
  const survived = mutants - caught;
  const counts = [mutants, caught, survived, explained.length, unexplained.length].map(String);
  return [file, ...counts, toScore({ caught, mutants }).toFixed(1)];
}

function sum(verdicts: readonly FileVerdict[]): FileVerdict {
  return {
    file: 'all',
    mutants: verdicts.reduce((total, { mutants }) => total + mutants, 0),
    caught: verdicts.reduce((total, { caught }) => total + caught, 0),
    caughtByTime: verdicts.reduce((total, { caughtByTime }) => total + caughtByTime, 0),
    explained: verdicts.flatMap(({ explained }) => explained),
    unexplained: verdicts.flatMap(({ unexplained }) => unexplained),
    stale: verdicts.flatMap(({ stale }) => stale),
  };
}

function toReport(verdicts: readonly FileVerdict[], minutes: number): string {
  const all = sum(verdicts);
  const head = ['file', 'defects', 'caught', 'survived', 'explained', 'not explained', 'caught %'];
  return [
    `Stryker seeds defects into all of \`src/core\` and into what of \`src/tracker\` reads and judges (\`test/mutation/targets.ts\`), one at a time; the tests of that file alone shall catch each. ${all.caught} of ${all.mutants} were caught, ${toScore(all).toFixed(1)}%, at least ${LOWEST_SCORE}% shall be; ${all.caughtByTime} of these because the tests did not end. Why each of the others is left stands in \`test/mutation/survivors\`; it counts as not caught all the same. The run took ${minutes.toFixed(0)} minutes, with a limit of ${LONGEST_MINUTES}.`,
    '',
    toMarkdownTable([head, ...verdicts.map(toRow), toRow(all)]),
  ].join('\n');
}

function sayWhatIsLeft({ file, unexplained, stale }: FileVerdict): void {
  for (const { line, was, becomes } of unexplained) say(`  ${file}:${line}\n    - ${was}\n    + ${becomes}`);
  for (const key of stale) say(`  ${file}: explained, and caught by now: ${key}`);
}

/** The files that are asked for: those whose path has one of the parts, or all. */
function pick({ files, tests }: Target, parts: readonly string[]): Target {
  return { files: files.filter((file) => parts.length === 0 || parts.some((part) => file.includes(part))), tests };
}

/** 0 when enough was caught, and each of the others is explained. */
async function main(parts: readonly string[]): Promise<number> {
  const targets = TARGETS.map((target) => pick(target, parts)).filter(({ files }) => files.length > 0);
  await installStryker();
  const limit = new Error(`not done in ${LONGEST_MINUTES} minutes: nothing was reported; what is done is kept for the next time`);
  const signal = AbortSignal.timeout(LONGEST_MINUTES * 60_000);
  const verdicts: FileVerdict[] = [];
  let minutes = 0;
  for (const target of targets) {
    const { report, minutes: more } = await seedDefects(target, signal).catch((thrown: unknown) => {
      throw signal.aborted ? limit : thrown;
    });
    minutes += more;
    for (const file of target.files) {
      const verdict = judge(file, report, SURVIVORS[file] ?? []);
      verdicts.push(verdict);
      say(`${file}: ${verdict.caught} of ${verdict.mutants} caught, ${verdict.unexplained.length} not explained`);
      sayWhatIsLeft(verdict);
    }
  }
  const all = sum(verdicts);
  say(`all: ${all.caught} of ${all.mutants} caught, ${toScore(all).toFixed(1)}%; ${all.unexplained.length} not explained`);
  if (parts.length === 0) writeReport('mutation', toReport(verdicts, minutes), new Date());
  return toScore(all) >= LOWEST_SCORE && all.unexplained.length === 0 && all.stale.length === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (status) => (process.exitCode = status),
  (thrown: unknown) => {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    process.exitCode = 1;
  },
);
