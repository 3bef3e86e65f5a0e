/** What is used of Stryker's report of a run (`mutation-testing-report-schema` 3). Lines and columns count from 1. */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

interface Mutant {
  readonly status: string;
  readonly replacement?: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** A defect that no test caught: its first line as it is and with the defect, white space collapsed. */
export interface Survivor {
  readonly line: number;
  readonly was: string;
  readonly becomes: string;
}

/** The defects of one file. */
export interface Score {
  readonly file: string;
  readonly defects: number;
  readonly survivors: readonly Survivor[];
}

const MAX_SHOWN = 160;
// A RuntimeError is an error outside of all tests, such as an unhandled rejection, with which `npm test` fails too.
const CAUGHT = ['Killed', 'Timeout', 'RuntimeError'];
const SURVIVED = ['Survived', 'NoCoverage'];

/** The score of each file of a report. Throws for an unknown status. */
export function toScores({ files }: MutationReport): Score[] {
  return Object.entries(files).map(([file, { source, mutants }]) => {
    const unknown = mutants.find(({ status }) => ![...CAUGHT, ...SURVIVED].includes(status));
    if (unknown) throw new Error(`a defect of ${file} has the status ${unknown.status}`);
    const survivors = mutants.filter(({ status }) => SURVIVED.includes(status)).map((mutant) => toSurvivor(source, mutant));
    return { file, defects: mutants.length, survivors };
  });
}

function toSurvivor(source: string, { location: { start, end }, replacement = '' }: Mutant): Survivor {
  const lines = source.split('\n');
  const first = lines[start.line - 1] ?? '';
  const rest = start.line === end.line ? first.slice(end.column - 1) : '';
  const defect = `${first.slice(0, start.column - 1)}${replacement}${rest}`;
  return { line: start.line, was: collapse(first), becomes: collapse(defect) };
}

function collapse(text: string): string {
  const whole = text.trim().replace(/\s+/g, ' ');
  return whole.length <= MAX_SHOWN ? whole : `${whole.slice(0, MAX_SHOWN - 1)}…`;
}

/** The defects caught, in percent, rounded down to one decimal; 100 without defects. */
export function toPercent(scores: readonly Pick<Score, 'defects' | 'survivors'>[]): number {
  const defects = scores.reduce((sum, score) => sum + score.defects, 0);
  const survived = scores.reduce((sum, { survivors }) => sum + survivors.length, 0);
  return defects === 0 ? 100 : Math.floor(((defects - survived) / defects) * 1000) / 10;
}
