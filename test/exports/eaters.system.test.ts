import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exportFormats } from '../../src/exports/formats.ts';
import { toHeader } from '../../src/exports/header.ts';
import { EATERS, expectEaten, findWith } from '../helpers/eaters.ts';
import { openTempDir } from '../helpers/run-cct.ts';
import { hostileEntries } from './hostile-entries.ts';
import { exportAll, NOW, toEntry, toList } from './lists.ts';

type Format = keyof typeof exportFormats;

const LISTS = {
  'a sound list': toList(
    'panel.example/x',
    'bücher.example',
    toEntry('198.51.100.7/gate', { ip: '198.51.100.7' }),
    '203.0.113.7',
  ),
  'a hostile list': { ...toList(), origin: 'a\n$INCLUDE /etc/passwd\n); } "', entries: hostileEntries },
  'an empty list': toList(),
};

/** Writes an export as `export` into a directory of its own. */
function writeExport(format: Format, list: (typeof LISTS)[keyof typeof LISTS], isResolved = true): string {
  const dir = openTempDir();
  const { account, written } = exportAll(exportFormats[format], list, { isResolved });
  const text = written.render(toHeader(account, '--family "x\n};"'), NOW);
  writeFileSync(join(dir, 'export'), text as string);
  return dir;
}

const formats = Object.keys(EATERS) as Format[];
const cases = formats.flatMap((format) => Object.entries(LISTS).map(([what, list]) => [format, what, list] as const));

describe('the programs for which an export is', () => {
  test.each(cases)('take %s of %s', (format, _what, list) => {
    expectEaten(format, writeExport(format, list));
  });

  test.each(formats)('would refuse a broken one: %s', (format) => {
    const dir = writeExport(format, LISTS['a sound list']);
    writeFileSync(join(dir, 'export'), 'panel.example"; {\n');
    expect(() => expectEaten(format, dir)).toThrow(/./);
  });
});

describe('a plain list', () => {
  const LOG = [
    '10.0.0.1 GET http://panel.example/x/y HTTP/1.1',
    '10.0.0.2 GET http://other.example/ HTTP/1.1',
    '198.51.100.7 CONNECT xn--bcher-kva.example:443',
    '203.0.113.70 GET http://203.0.113.7/ HTTP/1.1',
    '10.0.0.3 # CyberCrime',
  ];

  test.each(Object.entries(LISTS))('of addresses is searched for by grepcidr: %s', (what, list) => {
    const dir = writeExport('ip', list);
    writeFileSync(join(dir, 'log'), `${LOG.join('\n')}\n`);
    expect(findWith('grepcidr', dir)).toEqual(what === 'an empty list' ? [] : [LOG[2], LOG[3]]);
  });

  test('of URLs and of domains is searched for by rg', () => {
    const inUrls = writeExport('url', LISTS['a sound list'], false);
    const inDomains = writeExport('domain', LISTS['a sound list'], false);
    for (const dir of [inUrls, inDomains]) writeFileSync(join(dir, 'log'), `${LOG.join('\n')}\n`);
    expect(findWith('rg', inUrls)).toEqual([LOG[0], LOG[2], LOG[3]]);
    expect(findWith('rg', inDomains)).toEqual([LOG[0], LOG[2]]);
  });

  test('of hostile entries finds nothing of a harmless log', () => {
    for (const format of ['url', 'domain'] as const) {
      const dir = writeExport(format, LISTS['a hostile list'], false);
      writeFileSync(join(dir, 'log'), 'GET http://example.com/ # a line; with "quotes"\n\n*\n');
      expect(findWith('rg', dir)).toEqual([]);
    }
  });
});
