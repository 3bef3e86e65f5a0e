import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { endpoints, statusesOf } from '../../../src/relay/endpoints.ts';
import { PROBLEM_PHRASES } from '../../../src/relay/http/problem.ts';
import { toOpenApi } from '../../../src/relay/docs/openapi.ts';
import { at, toRecord, validateAt } from '../../helpers/openapi.ts';
import { validateAnswer } from '../../helpers/relay-schema.ts';

const document = toOpenApi({ version: '1.2.3', hasToken: true, hasMetrics: true });
const bare = toOpenApi({ version: '1.2.3', hasToken: false, hasMetrics: false });

/** Every value within a value, with the keys that lead to it. */
function* walk(value: unknown, keys: readonly string[] = []): Generator<readonly [keys: readonly string[], value: unknown]> {
  yield [keys, value];
  for (const [key, inner] of Object.entries(toRecord(value))) yield* walk(inner, [...keys, key]);
}

function operationOf(id: string, from: object = document): Readonly<Record<string, unknown>> {
  const found = [...walk(from)].find(([, value]) => toRecord(value)['operationId'] === id);
  return toRecord(found?.[1]);
}

/** Every example of a body, with the place of the schema that it must keep. */
function examplesOf(from: object) {
  return [...walk(from)]
    .filter(([keys]) => keys.at(-1) === 'value' && keys.at(-3) === 'examples')
    .map(([keys, value]) => ({ schemaAt: [...keys.slice(0, -3), 'schema'], value }));
}

describe('the document', () => {
  test('is valid OpenAPI 3.1, with and without tokens and metrics', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    expect(await validator.validate(structuredClone(bare))).toEqual({ valid: true });
    expect((await validator.validate({ ...document, paths: { health: {} } })).valid).toBe(false);
  });

  test('is JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  test('has its version and dialect', () => {
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'cct', version: '1.2.3' },
      jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    });
  });

  test('has one server, which is where it came from', () => {
    expect([document, bare].map(({ servers }) => servers)).toMatchObject([[{ url: '/' }], [{ url: '/' }]]);
  });

  test('has no answer that nothing refers to', () => {
    const unused = [document, bare].map((from) => {
      const names = Object.keys(toRecord(at(from, ['components', 'responses'])));
      return names.filter((name) => !JSON.stringify(from).includes(`"#/components/responses/${name}"`));
    });
    expect(unused).toEqual([[], []]);
  });

  test('has every status of a refusal but 404, which is of no path in it', () => {
    const described = [document, bare].flatMap((from) =>
      [...walk(from)].filter(([keys]) => keys.at(-2) === 'responses').map(([keys]) => keys.at(-1)),
    );
    const refusals = Object.keys(PROBLEM_PHRASES).filter((status) => status !== '404');
    expect(refusals.filter((status) => !described.includes(status))).toEqual([]);
    expect(described).not.toContain('404');
  });

  test('has references that all resolve', () => {
    const refs = [...walk(document)].filter(([keys]) => keys.at(-1) === '$ref').map(([, ref]) => String(ref));
    expect(new Set(refs).size).toBeGreaterThan(15);
    expect(refs.filter((ref) => !ref.startsWith('#/') || at(document, ref.slice(2).split('/')) === undefined)).toEqual([]);
  });

  test('has every schema, without $id and $schema', () => {
    expect(Object.keys(toRecord(at(document, ['components', 'schemas'])))).toEqual(
      ['Observables', 'Envelope', 'Verdict', 'Judgement', 'RelayError', 'Failure', 'Health', 'Referral', 'Referrals'].concat([
        'Version',
        'Watchdog',
        'Landing',
        'Problem',
      ]),
    );
    expect([...walk(document)].filter(([keys]) => keys.at(-1) === '$id' || keys.at(-1) === '$schema')).toEqual([]);
  });

  test('has closed objects in answers; only the items of a request are open', () => {
    const schemas = at(document, ['components', 'schemas']);
    const objects = [...walk(schemas)].filter(([, value]) => toRecord(value)['type'] === 'object');
    const open = objects.filter(([, value]) => toRecord(value)['additionalProperties'] !== false);
    expect(objects.length).toBeGreaterThan(20);
    expect(open.map(([keys]) => keys.join('.'))).toEqual(['Observables.items']);
  });
});

describe('an operation', () => {
  test('exists for every endpoint, with its statuses and those of the server', () => {
    const operations = endpoints.map(({ method, path }) => toRecord(at(document, ['paths', path, method.toLowerCase()])));
    expect(operations.map((operation) => [operation['operationId'], Object.keys(toRecord(operation['responses']))])).toEqual(
      endpoints.map((endpoint) => [endpoint.id, [...statusesOf(endpoint), 400, 408, 417, 431, 501].sort().map(String)]),
    );
    expect(Object.keys(toRecord(document['paths']))).toEqual(endpoints.map(({ path }) => path));
  });

  test('does not exist for metrics that are off', () => {
    expect(Object.keys(toRecord(bare['paths']))).toEqual(endpoints.filter(({ id }) => id !== 'metrics').map(({ path }) => path));
    expect(JSON.stringify(bare)).not.toContain('/metrics');
  });

  test('requires a token where the endpoint and the relay do, and says so where it does not', () => {
    const token = [{ token: [] }];
    expect(endpoints.map(({ id }) => [id, operationOf(id)['security']])).toEqual(
      endpoints.map(({ id, needsToken }) => [id, needsToken ? token : []]),
    );
    expect(at(document, ['components', 'securitySchemes'])).toEqual({
      token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    });
    expect(bare).toMatchObject({ security: [] });
    expect([...walk(bare)].filter(([keys]) => keys.length > 1 && /^security/.test(keys.at(-1) ?? ''))).toEqual([]);
  });

  test('answers 401 only for metrics of a relay that requires tokens, and 403 only of one that does not', () => {
    const open = toOpenApi({ version: '1', hasToken: false, hasMetrics: true });
    expect(Object.keys(toRecord(operationOf('metrics', open)['responses']))).toEqual(
      ['200', '400', '403', '405', '408'].concat(['417', '431', '501']),
    );
    expect(Object.keys(toRecord(operationOf('metrics')['responses']))).toEqual(
      ['200', '400', '401', '405', '408'].concat(['417', '431', '501']),
    );
  });

  test('has a body for observables, and the watchdog a header', () => {
    const withBody = endpoints.filter(({ id }) => operationOf(id)['requestBody'] !== undefined).map(({ id }) => id);
    expect(withBody).toEqual(['deliberate', 'observe', 'refer']);
    expect(operationOf('watchdog')['parameters']).toMatchObject([{ name: 'Health-Check', in: 'header' }]);
  });
});

describe('an example', () => {
  test('exists for every JSON body, and matches its schema', () => {
    const examples = examplesOf(document);
    expect(examples.length).toBeGreaterThan(15);
    expect(examples.flatMap(({ schemaAt, value }) => validateAt(document, schemaAt, value))).toEqual([]);
  });

  test('of an answer about observables is a valid relay answer', () => {
    const answers = ['deliberate', 'observe'].flatMap((id) => examplesOf(toRecord(operationOf(id)['responses'])));
    expect(answers).toHaveLength(8);
    expect(answers.flatMap(({ value }) => validateAnswer(value))).toEqual([]);
  });
});

describe('the body of a request', () => {
  const schemaAt = ['components', 'schemas', 'Observables'];
  const item = { type: 'ip', value: '192.0.2.1' };

  test('is a list whose items may have other keys', () => {
    const bodies = [[], [{ ...item, x: 1 }]];
    expect(bodies.flatMap((body) => validateAt(document, schemaAt, body))).toEqual([]);
    const broken = [{}, null, [null], [{ type: 'ip' }], [{ ...item, value: '' }]];
    expect(broken.filter((body) => validateAt(document, schemaAt, body).length === 0)).toEqual([]);
  });
});
