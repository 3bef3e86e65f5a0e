import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import * as z from 'zod/mini';
import { envelopeSchema } from '../../src/core/ctim/ctim.ts';

/** The parts of a JSON Schema that the tests read. */
export interface JsonSchema {
  readonly type?: string;
  readonly additionalProperties?: unknown;
  readonly uniqueItems?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

const FORMAT_BY_FIELD: Readonly<Record<string, string>> = { start_time: 'date-time', end_time: 'date-time', source_uri: 'uri' };

/** The relay answer as JSON Schema, draft-07, with formats for times and URIs. */
export const relaySchema: object = z.toJSONSchema(envelopeSchema, {
  target: 'draft-7',
  override: ({ jsonSchema, path }) => {
    const format = FORMAT_BY_FIELD[String(path.at(-1))];
    if (format !== undefined) jsonSchema.format = format;
  },
});

const ajv = new Ajv({ allErrors: true, strict: true });
formats.default(ajv, ['date-time', 'uri']);
const validate = ajv.compile(relaySchema);

const EARLIEST_MS = Date.UTC(1970, 0, 1);
const LATEST_MS = Date.UTC(2525, 0, 1);

/** What is wrong with a relay answer, a line each. */
export function validateAnswer(answer: unknown): string[] {
  if (!validate(answer)) return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
  const parsed = z.safeParse(envelopeSchema, answer);
  if (!parsed.success) return ['the zod schema refuses what its JSON Schema takes'];
  const { verdicts, judgements } = 'data' in parsed.data ? parsed.data.data : {};
  return [verdicts, judgements].flatMap((set) => {
    if (!set) return [];
    const miscounted = set.count === set.docs.length ? [] : [`count is ${set.count} for ${set.docs.length} docs`];
    return [...miscounted, ...set.docs.flatMap(({ valid_time }) => problemsOfTime(valid_time))];
  });
}

function problemsOfTime({ start_time, end_time }: { start_time: string; end_time: string }): string[] {
  const [startMs, endMs] = [Date.parse(start_time), Date.parse(end_time)];
  if (startMs < EARLIEST_MS || endMs > LATEST_MS) return [`${start_time} to ${end_time} is not within 1970 and 2525`];
  return startMs <= endMs ? [] : [`${start_time} is after ${end_time}`];
}
