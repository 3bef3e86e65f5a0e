import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { CollectionTag, ScalarTag } from 'yaml';
import { isCollection, parse } from 'yaml';
import * as z from 'zod/mini';
import { describe, expect, test } from 'vitest';
import { serveSettings, settings } from '../../src/config.ts';

const FILE = 'deploy/aws/template.yaml';

/** CloudFormation's short forms, as their long ones. */
const tags = ['Ref', 'Sub', 'GetAtt', 'If', 'Not', 'Equals'].flatMap((name): (ScalarTag | CollectionTag)[] => {
  const key = name === 'Ref' ? name : `Fn::${name}`;
  return [
    { tag: `!${name}`, resolve: (text) => ({ [key]: text }) },
    {
      tag: `!${name}`,
      collection: 'seq',
      resolve: (list) => ({ [key]: isCollection(list) ? (list.toJSON() as unknown) : list }),
    },
  ];
});

const properties = z.record(z.string(), z.unknown());
const templateSchema = z.object({
  Transform: z.literal('AWS::Serverless-2016-10-31'),
  Parameters: z.record(z.string(), properties),
  Conditions: properties,
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: properties })),
  Outputs: properties,
});
const template = templateSchema.parse(parse(readFileSync(FILE, 'utf8'), { customTags: tags }));
const relay = z
  .object({
    CodeUri: z.string(),
    Handler: z.string(),
    Environment: z.object({ Variables: properties }),
    LoggingConfig: properties,
    FunctionUrlConfig: properties,
  })
  .parse(template.Resources['Relay']?.Properties);

/** The properties of each type that the template uses, from the references of SAM and CloudFormation. */
const PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::Serverless::Function':
    'Architectures CodeUri Environment FunctionUrlConfig Handler LoggingConfig MemorySize ReservedConcurrentExecutions Role Runtime Timeout',
  'AWS::Lambda::Permission': 'Action FunctionName InvokedViaFunctionUrl Principal',
  'AWS::Logs::LogGroup': 'RetentionInDays',
  'AWS::IAM::Role': 'AssumeRolePolicyDocument Policies',
};

/** The names in `!Ref`, `!GetAtt` and `!Sub`, anywhere in a value. */
function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (typeof inner !== 'string') return namesIn(inner);
    if (key === 'Ref') return [inner];
    if (key === 'Fn::GetAtt') return [inner.split('.')[0] ?? ''];
    return key === 'Fn::Sub' ? [...inner.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name) : [];
  });
}

describe('the template for AWS', () => {
  test('has only resources and properties of AWS', () => {
    const used = Object.values(template.Resources).map(({ Type, Properties }) => [
      Type,
      Object.keys(Properties).sort().join(' '),
    ]);
    expect(Object.fromEntries(used)).toEqual(PROPERTIES);
    expect([Object.keys(relay.LoggingConfig), Object.keys(relay.FunctionUrlConfig)]).toEqual([['LogGroup'], ['AuthType']]);
  });

  test('refers to what exists, and uses each of its parameters', () => {
    const named = namesIn(template);
    // SAM makes this resource from FunctionUrlConfig.
    const known = [...Object.keys(template.Parameters), ...Object.keys(template.Resources), 'RelayUrl', 'AWS::NoValue'];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
    expect(Object.keys(template.Parameters).filter((name) => !named.includes(name))).toEqual([]);
  });

  test('sets variables of settings, and the secret by reference', () => {
    const known = Object.values({ ...settings, ...serveSettings }).map(({ env }): string => env);
    const variables = Object.keys(relay.Environment.Variables);
    expect(variables.length).toBeGreaterThan(0);
    expect(variables.filter((name) => !known.includes(name))).toEqual([]);
    expect(relay.Environment.Variables['CCT_JWT_SECRET']).toEqual({ 'Fn::Sub': '{{resolve:secretsmanager:${SecretName}}}' });
    expect(template.Parameters['CacheUrl']).toMatchObject({ NoEcho: true });
  });

  test('sets no empty variable by default: the relay would not start', () => {
    const refs = Object.entries(relay.Environment.Variables).flatMap(([name, value]) => {
      const { Ref: parameter } = z.object({ Ref: z.optional(z.string()) }).parse(value);
      return parameter === undefined ? [] : [[name, template.Parameters[parameter]?.['Default']]];
    });
    expect(refs.filter(([, fallback]) => fallback === '' || fallback === undefined)).toEqual([]);
    expect(relay.Environment.Variables['CCT_AUDIENCE']).toEqual({
      'Fn::If': ['HasAudience', { Ref: 'Audience' }, { Ref: 'AWS::NoValue' }],
    });
  });

  test('takes its code from the build', () => {
    const folder = resolve('deploy/aws', relay.CodeUri);
    expect(basename(folder)).toBe('dist');
    const [file = '', name] = relay.Handler.split('.');
    expect(existsSync(resolve(folder, `${file}.mjs`))).toBe(true);
    expect(name).toBe('handler');
    expect(readFileSync(resolve(folder, `${file}.mjs`), 'utf8')).toMatch(/export \{\s*handler\s*\}/);
  });

  test('requires a Node that the relay runs on', () => {
    expect(template.Parameters['Runtime']).toMatchObject({ Default: 'nodejs24.x', AllowedValues: ['nodejs24.x', 'nodejs22.x'] });
  });

  test('lets the function write only its log', () => {
    const statement = { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': 'RelayLogs.Arn' } };
    const policies = [{ PolicyDocument: { Statement: [statement] } }];
    expect(template.Resources['RelayRole']?.Properties['Policies']).toMatchObject(policies);
  });
});
