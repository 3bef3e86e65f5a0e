import { readFileSync } from 'node:fs';
import type { CollectionTag, ScalarTag } from 'yaml';
import { isCollection, parse } from 'yaml';
import * as z from 'zod/mini';

/** CloudFormation's short forms, as their long ones. */
const tags = ['Ref', 'Sub', 'GetAtt', 'If', 'Not', 'Equals', 'Join'].flatMap((name): (ScalarTag | CollectionTag)[] => {
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

const conditionSchema = z.union([
  z.object({ 'Fn::Not': z.tuple([z.unknown()]) }),
  z.object({ 'Fn::Equals': z.tuple([z.unknown(), z.unknown()]) }),
]);

/** A template of CloudFormation. */
export type Template = z.infer<typeof templateSchema>;

/** Reads a template, its short forms as long ones. Throws where it is no template of SAM. */
export function readTemplate(file: string): Template {
  return templateSchema.parse(parse(readFileSync(file, 'utf8'), { customTags: tags }));
}

/**
 * The properties of a resource with these parameters, the others at their defaults. What is `AWS::NoValue` is left out; references to
 * resources stay.
 */
export function resolveProperties(
  { Parameters, Conditions, Resources }: Template,
  resource: string,
  given: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve).filter((item) => item !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]: [string, unknown]) => [key, inner] as const);
    const [[key, inner] = ['', undefined]] = entries;
    if (key === 'Ref') return resolveRef(String(inner));
    if (key === 'Fn::If' && Array.isArray(inner)) return resolve(inner[holds(Conditions[String(inner[0])]) ? 1 : 2]);
    return Object.fromEntries(entries.map(([name, one]) => [name, resolve(one)]).filter(([, one]) => one !== undefined));
  };
  const resolveRef = (name: string): unknown => {
    if (name === 'AWS::NoValue') return undefined;
    const { Type, Default } = Parameters[name] ?? {};
    const value = given[name] ?? Default;
    if (value === undefined) return { Ref: name };
    return Type === 'CommaDelimitedList' ? z.string().parse(value).split(',') : value;
  };
  const holds = (condition: unknown): boolean => {
    const read = conditionSchema.parse(condition);
    if ('Fn::Not' in read) return !holds(read['Fn::Not'][0]);
    const [first, second] = read['Fn::Equals'].map((value) => String(join(value)));
    return first === second;
  };
  const join = (value: unknown): unknown => {
    const { data } = z.object({ 'Fn::Join': z.tuple([z.string(), z.unknown()]) }).safeParse(value);
    return data ? z.array(z.string()).parse(resolve(data['Fn::Join'][1])).join(data['Fn::Join'][0]) : resolve(value);
  };
  return properties.parse(resolve(Resources[resource]?.Properties));
}
