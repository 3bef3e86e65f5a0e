import * as z from 'zod/mini';

const text = z.string().check(z.minLength(1));

const productCategorySchema = z.strictObject({
  id: z.enum([
    'siem',
    'threat-intel',
    'email-security',
    'ndr',
    'rf-security',
    'cloud-firewall',
    'itsm',
    'edr',
    'cloud-security',
    'firewall',
  ]),
  description: text,
});

const capabilitySchema = z.strictObject({
  id: z.enum(['health', 'deliberate', 'observe', 'refer', 'respond', 'tiles']),
  description: text,
});

const configurationFieldSchema = z.strictObject({
  key: text,
  type: z.enum(['string', 'password', 'api_key', 'integer', 'boolean', 'options', 'file', 'device', 'remote']),
  label: text,
  required: z.optional(z.boolean()),
  tooltip: z.optional(z.string()),
  default_value: z.optional(z.union([z.string(), z.number(), z.boolean()])),
  subtype: z.optional(z.string()),
  group: z.optional(z.string()),
  options: z.optional(z.array(z.strictObject({ value: z.string(), label: text }))),
});

/** A module type as Threat Response accepts it. */
export const moduleTypeSchema = z.strictObject({
  title: text,
  default_name: text,
  short_description: z.optional(text),
  description: z.optional(text),
  tips: z.optional(z.string()),
  logo: z.optional(z.string()),
  logo_dark: z.optional(z.string()),
  flags: z.optional(z.array(z.string())),
  enabled: z.optional(z.boolean()),
  max_nb_instances: z.optional(z.int().check(z.minimum(1))),
  app_link: z.optional(text),
  product_categories: z.optional(z.array(productCategorySchema)),
  capabilities: z.optional(z.array(capabilitySchema)),
  configuration_spec: z.optional(z.array(configurationFieldSchema)),
  external_references: z.optional(z.array(z.strictObject({ label: text, link: text }))),
  properties: z.optional(z.record(z.string(), z.json())),
});
