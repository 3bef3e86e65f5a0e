import { onOff, setting } from './setting.ts';
import { dayOrAgeOrAll, integer, oneOf } from './values.ts';

const BLOCKING = ['ip', 'domain', 'url', 'rpz', 'unbound', 'dnsmasq', 'hosts', 'nftables'] as const;
const EXPORT_FORMATS = [...BLOCKING, 'zeek', 'suricata', 'csv', 'ecs', 'stix', 'misp'] as const;

const group = {
  format: setting('-f, --format <format>', oneOf(...EXPORT_FORMATS), { help: 'what to write; required' }),
  since: setting('--since <date-or-age>', dayOrAgeOrAll, {
    help: 'leave out entries that are older or have no date, such as 2020-01-01 or 5y, or all (default: 365d for block lists)',
  }),
  hosts: setting('--hosts <which>', oneOf('whole', 'any'), {
    help: 'whole leaves out hosts with only a single listed page (default: whole for block lists)',
  }),
  all: onOff('--all', 'same as --since all --hosts any'),
  resolved: onOff('--resolved', 'also addresses that hosts resolved to when they were listed'),
  maxShared: setting('--max-shared <number>', integer(1, 1_000_000), {
    fallback: '2',
    unit: 'entries',
    help: 'with --resolved: leave out addresses that more entries than this share',
  }),
} as const;

type FlagOnly<Group> = { readonly [Name in keyof Group]: Group[Name] & { readonly isFlagOnly: true } };

/** For `snapshot export`, and only as flags: a variable must not change what a firewall blocks. */
export const exportSettings = Object.fromEntries(
  Object.entries(group).map(([name, definition]) => [name, { ...definition, isFlagOnly: true }]),
) as FlagOnly<typeof group>;
