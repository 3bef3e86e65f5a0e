type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const OBSERVABLE = { type: 'url', value: 'http://panel.example/a' };
const VALID_TIME = { start_time: '2026-03-01T12:34:56.789Z', end_time: '2026-03-08T12:34:56.789Z' };
const ID = 'transient:judgement-f693029c-a921-5352-a38c-da60e7df18ab';

const VERDICT = {
  type: 'verdict',
  observable: OBSERVABLE,
  disposition: 2,
  disposition_name: 'Malicious',
  valid_time: VALID_TIME,
  judgement_id: ID,
};

const JUDGEMENT = {
  type: 'judgement',
  id: ID,
  external_ids: ['cybercrime-tracker-judgement-f693029c-a921-5352-a38c-da60e7df18ab'],
  observable: OBSERVABLE,
  disposition: 2,
  disposition_name: 'Malicious',
  source: 'CyberCrime Tracker',
  source_uri: 'https://tracker.example/index.php?search=panel.example%2Fa',
  confidence: 'Low',
  severity: 'Medium',
  priority: 90,
  reason: 'Malicious: Citadel',
  tlp: 'white',
  schema_version: '1.3.30',
  valid_time: VALID_TIME,
};

/** A valid answer; each broken one differs from it in one place. */
export const soundAnswer = {
  data: { verdicts: { count: 1, docs: [VERDICT] }, judgements: { count: 1, docs: [JUDGEMENT] } },
  errors: [{ type: 'fatal', code: 'key error', message: 'Not understood: http://panel.example/b' }],
};

/** An invalid answer, and why. */
export interface BrokenAnswer {
  readonly why: string;
  readonly answer: unknown;
}

/** A copy with another value at a path, or without the field. */
function change(target: Json, path: readonly string[], value: Json | undefined): Json {
  const [head = '', ...rest] = path;
  if (target === null || typeof target !== 'object') throw new Error(`No ${head} in ${JSON.stringify(target)}`);
  const entries = Object.entries(target).filter(([key]) => key !== head);
  const inner = Object.entries(target).find(([key]) => key === head)?.[1] ?? null;
  const changed = rest.length === 0 ? value : change(inner, rest, value);
  if (changed !== undefined) entries.push([head, changed]);
  return Array.isArray(target) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

function withAt(path: string, value?: Json): Json {
  return change(soundAnswer, path.split('.'), value);
}

const VERDICT_AT = 'data.verdicts.docs.0';
const JUDGEMENT_AT = 'data.judgements.docs.0';

const withExtraField = [
  ['the answer', 'status'],
  ['data', 'data.sightings'],
  ['a set of Verdicts', 'data.verdicts.total'],
  ['a set of Judgements', 'data.judgements.total'],
  ['a Verdict (an id)', `${VERDICT_AT}.id`],
  ['a Verdict (a source)', `${VERDICT_AT}.source`],
  ['a Verdict (a reason)', `${VERDICT_AT}.reason`],
  ['a Judgement (a title)', `${JUDGEMENT_AT}.title`],
  ['a Judgement (undocumented)', `${JUDGEMENT_AT}.family`],
  ["a Verdict's observable", `${VERDICT_AT}.observable.x`],
  ["a Judgement's observable", `${JUDGEMENT_AT}.observable.x`],
  ["a Verdict's valid time", `${VERDICT_AT}.valid_time.x`],
  ["a Judgement's valid time", `${JUDGEMENT_AT}.valid_time.x`],
  ['an error', 'errors.0.observable'],
].map(([what = '', path = '']): BrokenAnswer => ({ why: `an extra field in ${what}`, answer: withAt(path, 'x') }));

const withoutField = [
  ['data.verdicts.count', 'data.verdicts.docs', 'data.judgements.count', 'data.judgements.docs'],
  ['errors.0.type', 'errors.0.code', 'errors.0.message'],
  ['type', 'observable', 'disposition', 'disposition_name', 'valid_time'].map((field) => `${VERDICT_AT}.${field}`),
  ['observable.type', 'observable.value', 'valid_time.start_time', 'valid_time.end_time'].flatMap((field) => [
    `${VERDICT_AT}.${field}`,
    `${JUDGEMENT_AT}.${field}`,
  ]),
  Object.keys(JUDGEMENT)
    .filter((field) => field !== 'source_uri')
    .map((field) => `${JUDGEMENT_AT}.${field}`),
]
  .flat()
  .map((path): BrokenAnswer => ({ why: `${path} is missing`, answer: withAt(path) }));

const wrongValues: readonly (readonly [why: string, path: string, value: Json])[] = [
  ['a disposition that is not its name', `${VERDICT_AT}.disposition`, 1],
  ['a disposition as text', `${VERDICT_AT}.disposition`, '2'],
  ['a disposition out of range', `${JUDGEMENT_AT}.disposition`, 6],
  ['a disposition name that is not its number', `${JUDGEMENT_AT}.disposition_name`, 'Clean'],
  ['a disposition name in lower case', `${VERDICT_AT}.disposition_name`, 'malicious'],
  ['a Verdict that says it is a Judgement', `${VERDICT_AT}.type`, 'judgement'],
  ['a Judgement that says it is a Verdict', `${JUDGEMENT_AT}.type`, 'verdict'],
  ['an observable of a type never asked', `${VERDICT_AT}.observable.type`, 'ipv6'],
  ['an observable type in capitals', `${JUDGEMENT_AT}.observable.type`, 'URL'],
  ['an observable value that is a number', `${VERDICT_AT}.observable.value`, 5],
  ['an empty observable value', `${JUDGEMENT_AT}.observable.value`, ''],
  ['a day that does not exist', `${VERDICT_AT}.valid_time.start_time`, '2026-02-30T00:00:00.000Z'],
  ['a month that does not exist', `${JUDGEMENT_AT}.valid_time.end_time`, '2026-13-01T00:00:00.000Z'],
  ['a date without a time', `${VERDICT_AT}.valid_time.end_time`, '2026-03-08'],
  ['a time with microseconds', `${VERDICT_AT}.valid_time.end_time`, '2026-03-08T12:34:56.789012Z'],
  ['a time with an offset', `${JUDGEMENT_AT}.valid_time.end_time`, '2026-03-08T12:34:56.789+00:00'],
  ['a time as a number', `${JUDGEMENT_AT}.valid_time.start_time`, 1772368496789],
  ['an end before the start', `${VERDICT_AT}.valid_time.end_time`, '2026-02-28T00:00:00.000Z'],
  ['a start before 1970', `${JUDGEMENT_AT}.valid_time.start_time`, '1969-12-31T23:59:59.999Z'],
  ['an end after 2525', `${JUDGEMENT_AT}.valid_time.end_time`, '2525-01-01T00:00:00.001Z'],
  ['an id that is no transient one', `${JUDGEMENT_AT}.id`, 'judgement-x'],
  ['an id that is too long', `${JUDGEMENT_AT}.id`, `transient:${'x'.repeat(2039)}`],
  ['a judgement_id that is no transient one', `${VERDICT_AT}.judgement_id`, 'x'],
  ['an external id that is no text', `${JUDGEMENT_AT}.external_ids`, [1]],
  ['external ids that are no list', `${JUDGEMENT_AT}.external_ids`, 'x'],
  ['a source that is too long', `${JUDGEMENT_AT}.source`, 'x'.repeat(2049)],
  ['a uri with blanks', `${JUDGEMENT_AT}.source_uri`, 'https://tracker.example/index.php?search=a b'],
  ['a uri with a raw quote', `${JUDGEMENT_AT}.source_uri`, 'https://tracker.example/index.php?search="'],
  ['a uri that is none', `${JUDGEMENT_AT}.source_uri`, 'panel.example%2Fa'],
  ['a uri that is too long', `${JUDGEMENT_AT}.source_uri`, `https://tracker.example/${'x'.repeat(2025)}`],
  ['an empty uri', `${JUDGEMENT_AT}.source_uri`, ''],
  ['a reason that is too long', `${JUDGEMENT_AT}.reason`, 'x'.repeat(1025)],
  ['a reason that is no text', `${JUDGEMENT_AT}.reason`, null],
  ['a confidence that is none', `${JUDGEMENT_AT}.confidence`, 'low'],
  ['a severity that is none', `${JUDGEMENT_AT}.severity`, 'Severe'],
  ['a priority above that of a machine', `${JUDGEMENT_AT}.priority`, 100],
  ['a tlp that CTIM does not know', `${JUDGEMENT_AT}.tlp`, 'clear'],
  ['another schema version', `${JUDGEMENT_AT}.schema_version`, '1.0.16'],
  ['two equal Verdicts', 'data.verdicts', { count: 2, docs: [VERDICT, VERDICT] }],
  ['two equal Judgements', 'data.judgements', { count: 2, docs: [JUDGEMENT, JUDGEMENT] }],
  ['Judgements among the Verdicts', 'data.verdicts.docs', [JUDGEMENT]],
  ['docs that are no list', 'data.verdicts.docs', VERDICT],
  ['a count of more than there are', 'data.verdicts.count', 2],
  ['a count of fewer than there are', 'data.judgements.count', 0],
  ['a count as text', 'data.verdicts.count', '1'],
  ['a count of one and a half', 'data.verdicts.count', 1.5],
  ['an error of another type', 'errors.0.type', 'error'],
  ['an error code that is a number', 'errors.0.code', 404],
  ['an error message that is no text', 'errors.0.message', ['x']],
  ['errors that are no list', 'errors', { type: 'fatal', code: 'unknown', message: 'x' }],
  ['data that is null', 'data', null],
  ['data that is a list', 'data', []],
];

/** Answers with one fault each. */
export const brokenAnswers: readonly BrokenAnswer[] = [
  ...withExtraField,
  ...withoutField,
  ...wrongValues.map(([why, path, value]): BrokenAnswer => ({ why, answer: withAt(path, value) })),
  { why: 'neither data nor errors', answer: {} },
  { why: 'a list', answer: [soundAnswer] },
  { why: 'null', answer: null },
  { why: 'text', answer: JSON.stringify(soundAnswer) },
];
