import { readToldAnswer } from '../../helpers/relay-answers.ts';
import type { Asking, Fate } from './asking.ts';
import type { RelayModel } from './model.ts';
import type { WireAnswer } from './wire.ts';

/** An observable that the steps are about. */
export interface Subject {
  readonly type: 'url' | 'ip';
  readonly value: string;
  /** What the tracker is asked. */
  readonly key: string;
}

export interface Judged {
  /** What the answer says of each key. */
  readonly fates: ReadonlyMap<string, Fate>;
  /** What it says against the model, a line each. */
  readonly problems: readonly string[];
}

/** Compares an answer about these subjects, as they were given, with what the model allows. */
export function judge(
  answer: WireAnswer,
  { subjects, mode, asking }: { subjects: readonly Subject[]; mode: 'observe' | 'deliberate'; asking: Asking },
  model: RelayModel,
): Judged {
  const { listed, judged, failed, failedUnnamed, problems } = readToldAnswer(answer.body);
  const told: string[] = [...problems];
  if (answer.status !== 200) told.push(`the status is ${answer.status}`);
  if (failedUnnamed > 0) told.push(`${failedUnnamed} failures are not named`);
  const expectedJudged = mode === 'observe' ? listed : [];
  if (judged.join(' ') !== expectedJudged.join(' '))
    told.push(`judgements ${judged.join(' ')} beside verdicts ${listed.join(' ')}`);
  const distinct = [...new Map(subjects.map((subject) => [subject.value, subject])).values()];
  const inOrder = distinct.filter(({ value }) => listed.includes(value)).map(({ value }) => value);
  if (listed.join(' ') !== inOrder.join(' ')) told.push(`documents of ${listed.join(' ')} instead of ${inOrder.join(' ')}`);
  const fates = new Map(distinct.map(({ key, value }) => [key, fateOf(value, listed, failed)]));
  for (const { key, value } of distinct) {
    if (listed.includes(value) && failed.has(value)) told.push(`${value} has a document and an error`);
    const allowed = model.allowed(asking, key);
    const fate = fates.get(key);
    if (!fate || !allowed.has(fate)) told.push(`${value} is ${String(fate)}, and may be ${[...allowed].join(' or ')}`);
  }
  for (const key of model.askedInVain(asking)) told.push(`the tracker was asked about ${key}, which is remembered`);
  for (const key of model.neverAsked(asking, fates)) told.push(`${key} is answered, and the tracker was not asked`);
  return { fates, problems: told };
}

function fateOf(value: string, listed: readonly string[], failed: ReadonlySet<string>): Fate {
  if (listed.includes(value)) return 'listed';
  return failed.has(value) ? 'failed' : 'unlisted';
}
