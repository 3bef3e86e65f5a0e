/** What is used of Stryker's report of one run; the schema `mutation-testing-report-schema` 3. Lines and columns count from 1. */
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

/** Survivors for which there is a reason: `[was, becomes]` of each, as the command prints them. */
export interface Explanation {
  readonly survivors: readonly (readonly [was: string, becomes: string])[];
  /** Why no test can tell, or why none should. */
  readonly why: string;
}

/** What came of the defects of one file. */
export interface FileVerdict {
  readonly file: string;
  /** All that were run. */
  readonly mutants: number;
  readonly caught: number;
  /** Of those caught, the ones that were because the tests did not end. */
  readonly caughtByTime: number;
  readonly explained: readonly Survivor[];
  readonly unexplained: readonly Survivor[];
  /** `was → becomes` of explanations to which no survivor belongs any more. */
  readonly stale: readonly string[];
}

const MAX_SHOWN = 160;
// The last one: an error outside of all tests, such as a promise that nobody heard reject, with which `npm test` fails too.
const CAUGHT = ['Killed', 'Timeout', 'RuntimeError'];

/** What came of the defects of a file. Throws when the report has none of it, or has a status that is not known. */
export function judge(file: string, report: MutationReport, explanations: readonly Explanation[]): FileVerdict {
  const result = report.files[file];
  if (!result) throw new Error(`the report of ${file} has nothing about it`);
  const counts = { caught: 0, caughtByTime: 0 };
  const survivors: Survivor[] = [];
  for (const mutant of result.mutants) {
    if (mutant.status === 'Survived' || mutant.status === 'NoCoverage') survivors.push(toSurvivor(result.source, mutant));
    else if (CAUGHT.includes(mutant.status)) counts.caught += 1;
    else throw new Error(`a defect of ${file} has the status ${mutant.status}`);
    if (mutant.status === 'Timeout') counts.caughtByTime += 1;
  }
  const known = new Set(explanations.flatMap((explanation) => explanation.survivors.map(toKey)));
  const keys = new Set(survivors.map(({ was, becomes }) => toKey([was, becomes])));
  const isExplained = ({ was, becomes }: Survivor) => known.has(toKey([was, becomes]));
  return {
    file,
    mutants: result.mutants.length,
    ...counts,
    explained: survivors.filter(isExplained),
    unexplained: survivors.filter((survivor) => !isExplained(survivor)),
    stale: [...known].filter((key) => !keys.has(key)),
  };
}

function toKey([was, becomes]: readonly [was: string, becomes: string]): string {
  return `${was} → ${becomes}`;
}

function toSurvivor(source: string, { location: { start, end }, replacement = '' }: Mutant): Survivor {
  const lines = source.split('\n');
  const first = lines[start.line - 1] ?? '';
  const rest = start.line === end.line ? (lines[end.line - 1] ?? '').slice(end.column - 1) : '';
  return {
    line: start.line,
    was: collapse(first),
    becomes: collapse(`${first.slice(0, start.column - 1)}${replacement}${rest}`),
  };
}

function collapse(text: string): string {
  const whole = text.trim().replace(/\s+/g, ' ');
  return whole.length <= MAX_SHOWN ? whole : `${whole.slice(0, MAX_SHOWN - 1)}…`;
}

/** Caught of run, in percent, to one digit after the point and never rounded up; 100 where there are none. */
export function toScore({ caught, mutants }: Pick<FileVerdict, 'caught' | 'mutants'>): number {
  return mutants === 0 ? 100 : Math.floor((caught / mutants) * 1000) / 10;
}
