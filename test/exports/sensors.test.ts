import { describe, expect, test } from 'vitest';
import { suricataFormat } from '../../src/exports/suricata.ts';
import { zeekFormat } from '../../src/exports/zeek.ts';
import { hostileEntries } from './hostile-entries.ts';
import { exportAll, NOW, leftOutOf, linesOf, toEntry, toList } from './lists.ts';

const LIST = toList(
  toEntry('panel.example/d12/cp.php?m=login', { family: 'Pony\tof\nlines\\x' }),
  toEntry('panel.example/d12/cp.php?m=login', { family: 'older', date: '2017-01-01' }),
  toEntry('whole.example', { covers: 'host', date: '', family: '' }),
  toEntry('198.51.100.7:8080/gate', { date: '' }),
);
const META = 'CyberCrime Tracker';
const SITE = 'https://cybercrime-tracker.net/';

describe('an intel file of Zeek', () => {
  test('has each host and each page without a scheme, with the newest entry of each', () => {
    expect(linesOf(exportAll(zeekFormat, LIST))).toEqual([
      '#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\tmeta.url',
      `198.51.100.7\tIntel::ADDR\t${META}\tPony\t${SITE}`,
      `198.51.100.7:8080/gate\tIntel::URL\t${META}\tPony\t${SITE}`,
      `panel.example\tIntel::DOMAIN\t${META}\tPony\uFFFDof\uFFFDlines\\x5cx 2018-01-14\t${SITE}`,
      `panel.example/d12/cp.php?m=login\tIntel::URL\t${META}\tPony\uFFFDof\uFFFDlines\\x5cx 2018-01-14\t${SITE}`,
      `whole.example\tIntel::DOMAIN\t${META}\t-\t${SITE}`,
    ]);
  });

  test('has five fields a line, whatever is listed, with comments behind the names of the fields', () => {
    const exported = exportAll(zeekFormat, { ...LIST, entries: hostileEntries }, { isResolved: true });
    const [fields = '', ...lines] = linesOf(exported);
    expect(fields).toMatch(/^#fields\t/);
    expect(lines.length).toBeGreaterThan(15);
    const wrong = lines.filter((line) => !/^[\x21-\x7e]+\tIntel::(?:ADDR|DOMAIN|URL)\t[^\t]+\t[^\t]+\t[^\t]+$/.test(line));
    expect(wrong).toEqual([]);
    expect(exported.written.render(['a header'], NOW)).toMatch(/^#fields\t.*\n# a header\n/);
  });

  test('has resolved addresses where they are asked for', () => {
    const list = toList(toEntry('a.example/x', { ip: '198.51.100.8' }), 'b.example');
    const exported = exportAll(zeekFormat, list, { isResolved: true });
    expect(linesOf(exported).some((line) => line.startsWith('198.51.100.8\tIntel::ADDR'))).toBe(true);
    expect(exported.account.remarks).toEqual(['1 resolved address: unknown, or of more entries than --max-shared']);
    expect(linesOf(exportAll(zeekFormat, list)).some((line) => line.startsWith('198'))).toBe(false);
  });

  test('counts names that cannot be said beside their addresses, and ports without a page', () => {
    const list = toList(toEntry('a_b.example', { ip: '198.51.100.8' }), 'port.example:8443', 'github.io/x', 'c.example/x');
    const exported = exportAll(zeekFormat, list, { isResolved: true });
    expect(leftOutOf(exported)).toEqual(['1 not a valid DNS name']);
    expect(exported.account.remarks[0]).toBe('the path or port of 1 entry, which this format cannot express');
    expect(linesOf(exported).map((line) => line.split('\t', 1)[0])).toEqual([
      '#fields',
      '198.51.100.8',
      'c.example',
      'c.example/x',
      'github.io/x',
      'port.example',
    ]);
  });

  test('is its head alone where nothing is listed', () => {
    expect(linesOf(exportAll(zeekFormat, toList()))).toHaveLength(1);
  });
});

function filesOf(list: ReturnType<typeof toList>) {
  const files = exportAll(suricataFormat, list).written.render(['a header'], NOW);
  if (typeof files === 'string') throw new Error('It is a text');
  return files;
}

describe('a directory for Suricata', () => {
  test('has names in base64, addresses, and rules with local sids', () => {
    const files = filesOf(LIST);
    expect(Object.keys(files)).toEqual(['cct-domains.lst', 'cct-ips.lst', 'cct.rules']);
    const names = (files['cct-domains.lst'] ?? '').trimEnd().split('\n');
    expect(names.map((name) => Buffer.from(name, 'base64').toString())).toEqual(['panel.example', 'whole.example']);
    expect(files['cct-ips.lst']).toBe('198.51.100.7\n');
    const [comment, ...rules] = (files['cct.rules'] ?? '').trimEnd().split('\n');
    expect(comment).toBe('# a header');
    expect(rules.map((rule) => /sid:(\d+); rev:1;\)$/.exec(rule)?.[1])).toEqual(['1471001', '1471002', '1471003', '1471004']);
    expect(rules.filter((rule) => /^alert \w+ any any -> any any \(msg:"[^"]+"; [^"]+\)$/.test(rule))).toHaveLength(4);
    expect(rules.map((rule) => /load ([\w.-]+);/.exec(rule)?.[1] ?? '').filter((name) => !(name in files))).toEqual([]);
  });

  test('has hosts of pages, unless whole ones are wanted', () => {
    const list = toList('once.example/x', 'whole.example');
    expect(exportAll(suricataFormat, list).account.count).toBe(2);
    const whole = exportAll(suricataFormat, list, { hosts: 'whole' });
    expect([whole.account.count, leftOutOf(whole)]).toEqual([1, ['1 one page of a host (--hosts whole)']]);
  });

  test('is whole where nothing is listed', () => {
    const files = filesOf(toList());
    expect([files['cct-domains.lst'], files['cct-ips.lst']]).toEqual(['', '']);
    expect(files['cct.rules']).toContain('sid:1471001');
  });
});
