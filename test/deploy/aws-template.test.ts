import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import * as z from 'zod/mini';
import { describe, expect, test } from 'vitest';
import { serveSettings, settings } from '../../src/config.ts';
import { readTemplate, resolveProperties } from '../helpers/cloudformation.ts';
import { runMain } from '../helpers/run-cct.ts';

const FILE = 'deploy/aws/template.yaml';

const properties = z.record(z.string(), z.unknown());
const template = readTemplate(FILE);
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
    'Architectures CodeUri Environment FunctionUrlConfig Handler LoggingConfig MemorySize ReservedConcurrentExecutions Role Runtime Timeout VpcConfig',
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

const SECRET = { 'Fn::Sub': '{{resolve:secretsmanager:${SecretName}}}' };

/** What Lambda needs in a network, by its documentation. */
const INTERFACE_ACTIONS = ['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets', 'DeleteNetworkInterface']
  .concat('AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses')
  .map((name) => `ec2:${name}`);

const resolveRelay = (given: object = {}) => resolveProperties(template, 'Relay', { ...given });
const variablesOf = (given: object = {}) =>
  z.object({ Environment: z.object({ Variables: properties }) }).parse(resolveRelay(given)).Environment.Variables;

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
    const conditions = [...JSON.stringify(template).matchAll(/"Fn::If":\["(\w+)"/g)].map(([, name = '']) => name);
    expect(Object.keys(template.Conditions).sort()).toEqual([...new Set(conditions)].sort());
  });

  test('sets variables of settings, and the secret by reference', () => {
    const known = Object.values({ ...settings, ...serveSettings }).map(({ env }): string => env);
    const variables = Object.keys(relay.Environment.Variables);
    expect(variables.length).toBeGreaterThan(0);
    expect(variables.filter((name) => !known.includes(name))).toEqual([]);
    expect(variablesOf()).toEqual({ CCT_JWT_SECRET: SECRET });
    expect(template.Parameters['CacheUrl']).toMatchObject({ NoEcho: true });
  });

  test('sets no empty variable: the relay would not start', () => {
    const given = { Audience: 'https://relay.example', CacheUrl: 'rediss://cache.example' };
    expect(variablesOf(given)).toEqual({ CCT_JWT_SECRET: SECRET, CCT_AUDIENCE: given.Audience, CCT_CACHE_URL: given.CacheUrl });
  });

  test('accepts the tokens of key hosts in the place of the secret, as the relay does', async () => {
    const given = { JwksHost: 'one.example,two.example', Audience: 'https://relay.example' };
    const variables = variablesOf(given);
    expect(variables).toEqual({ CCT_JWKS_HOST: given.JwksHost, CCT_AUDIENCE: given.Audience });
    const { status, stderr } = await runMain(['config'], { env: z.record(z.string(), z.string()).parse(variables) });
    expect([status, stderr]).toEqual([0, '']);
  });

  test('runs at most 10 instances, another number, or with 0 as many as the account allows', () => {
    const caps = [undefined, 3, 0].map((MaxConcurrency) => resolveRelay({ MaxConcurrency })['ReservedConcurrentExecutions']);
    expect(caps).toEqual([10, 3, undefined]);
  });

  test('runs in a network where subnets are given, and may make its interfaces only then', () => {
    const given = { SubnetIds: 'subnet-1,subnet-2', SecurityGroupIds: 'sg-1' };
    const vpc = { SubnetIds: ['subnet-1', 'subnet-2'], SecurityGroupIds: ['sg-1'] };
    expect([resolveRelay()['VpcConfig'], resolveRelay(given)['VpcConfig']]).toEqual([undefined, vpc]);
    const policiesOf = (parameters: object) => resolveProperties(template, 'RelayRole', { ...parameters })['Policies'];
    expect(policiesOf({})).toHaveLength(1);
    expect(policiesOf(given)).toMatchObject([
      { PolicyName: 'write-own-log' },
      {
        PolicyName: 'join-network',
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: INTERFACE_ACTIONS, Resource: '*' }] },
      },
    ]);
  });

  test('takes its code from the build', () => {
    const directory = resolve('deploy/aws', relay.CodeUri);
    expect(basename(directory)).toBe('dist');
    const [file = '', name] = relay.Handler.split('.');
    expect(existsSync(resolve(directory, `${file}.mjs`))).toBe(true);
    expect(name).toBe('handler');
    expect(readFileSync(resolve(directory, `${file}.mjs`), 'utf8')).toMatch(/export \{\s*handler\s*\}/);
  });

  test('requires a Node that the relay runs on', () => {
    expect(template.Parameters['Runtime']).toMatchObject({ Default: 'nodejs24.x', AllowedValues: ['nodejs24.x', 'nodejs22.x'] });
  });

  test('lets the function write only its log', () => {
    const statement = { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': 'RelayLogs.Arn' } };
    const policies = [{ PolicyDocument: { Statement: [statement] } }];
    expect(resolveProperties(template, 'RelayRole')['Policies']).toMatchObject(policies);
  });
});
