import { toMarkdownTable, writeReport } from '../helpers/report.ts';
import { installStryker, seedDefects } from './run-stryker.ts';
import type { Score } from './score.ts';
import { toPercent, toScores } from './score.ts';
import { TARGETS } from './targets.ts';

/*
 * Seeds defects into the source and prints those that no test catches. Without arguments: all, and the report. With parts of paths, such
 * as `core/host`: the files that match, and no report.
 */

const MIN_PERCENT = 85;

const print = (text: string) => void process.stdout.write(`${text}\n`);

function toRow(name: string, scores: readonly Score[]): string[] {
  const defects = scores.reduce((sum, score) => sum + score.defects, 0);
  const survived = scores.reduce((sum, { survivors }) => sum + survivors.length, 0);
  return [name, ...[defects, defects - survived, survived].map(String), toPercent(scores).toFixed(1)];
}

function toReport(scores: readonly Score[], minutes: number): string {
  return [
    `Stryker seeds defects, one at a time, into all of \`src/core\` and what of \`src/tracker\` reads and judges (\`test/mutation/targets.ts\`); the tests of the same directory must catch each. ${toPercent(scores).toFixed(1)}% were caught; the limit is ${MIN_PERCENT}%. The run took ${minutes.toFixed(0)} minutes, and prints the defects that survive.`,
    '',
    toMarkdownTable([
      ['file', 'defects', 'caught', 'survived', 'caught %'],
      ...scores.map((score) => toRow(score.file, [score])),
      toRow('all', scores),
    ]),
  ].join('\n');
}

/** 0 when enough was caught. */
function main(parts: readonly string[]): number {
  const isAsked = (file: string) => parts.length === 0 || parts.some((part) => file.includes(part));
  installStryker();
  const startedMs = performance.now();
  const scores: Score[] = [];
  for (const { files, tests } of TARGETS) {
    const asked = files.filter(isAsked);
    if (asked.length > 0) scores.push(...toScores(seedDefects({ files: asked, tests })));
  }
  for (const { file, survivors } of scores)
    for (const { line, was, becomes } of survivors) print(`${file}:${line}\n  - ${was}\n  + ${becomes}`);
  for (const score of scores) print(toRow(score.file, [score]).join(' '));
  print(`all: ${toPercent(scores).toFixed(1)}% caught, at least ${MIN_PERCENT}% required`);
  if (parts.length === 0) writeReport('mutation', toReport(scores, (performance.now() - startedMs) / 60_000), new Date());
  return toPercent(scores) >= MIN_PERCENT ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
