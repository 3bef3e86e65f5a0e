import { describe, expect, test } from 'vitest';
import { patient } from '../../core/samples.ts';
import { answeredAt, ask, entry, listedOf, trackerOf } from './ask-snapshot.ts';

describe('a URL', () => {
  test.each<[what: string, entries: string[], listed: string[], others: string[]]>([
    [
      'with a path matches the same host, port, path and query, whatever its scheme, user, fragment or last slash of the path',
      ['a.example/P?q=1'],
      [
        'a.example/P?q=1',
        'https://A.Example/P?q=1',
        'http://user:pw@a.example./P/?q=1#top',
        'http://a.example:/P?q=1',
        'a.example:80/P?q=1',
      ],
      [
        'a.example/p?q=1',
        'a.example/P?q=2',
        'a.example/P',
        'a.example/P//?q=1',
        'a.example/P?q=1/',
        'a.example:8080/P?q=1',
        'b.a.example/P?q=1',
      ],
    ],
    [
      'matches an entry with a last slash, blanks or capitals in its host',
      [' A.EXAMPLE/P/ '],
      ['http://a.example/P', 'http://a.example/P/'],
      [],
    ],
    ['loses one slash only', ['a.example/P//'], ['a.example/P//'], ['a.example/P', 'a.example//P//']],
    ['may omit the slash before its query', ['a.example/?q=1'], ['a.example?q=1', 'a.example/?q=1'], []],
    ['matches an entry without the slash before its query', ['a.example?q=1'], ['a.example?q=1', 'a.example/?q=1'], []],
    ['with a path matches no other entry on its host', ['a.example', 'a.example/x'], [], ['a.example/y']],
    [
      'without a path matches any entry on the host, on any port',
      ['a.example:8080/x.php', 'bücher.example'],
      ['a.example', 'http://a.example/', 'http://a.example/#x', 'XN--BCHER-KVA.example'],
      ['example', 'x.a.example'],
    ],
    [
      'with a port and no path matches entries with that port; 80 and 443 are none',
      ['a.example:8080/x.php', 'b.example/x.php'],
      ['a.example:8080', 'a.example:80', 'b.example:80'],
      ['a.example:8081', 'b.example:8080'],
    ],
  ])('%s', async (_what, urls, listed, others) => {
    const entries = urls.map((url) => entry({ url }));
    expect(await listedOf(entries, [...listed, ...others])).toEqual(listed);
  });

  test('without a path matches an address in another spelling, but no resolved address', async () => {
    const entries = [entry({ url: '192.0.2.50/x.php', ip: '198.51.100.60' })];
    expect(await listedOf(entries, ['192.0.2.50', '3221226034', '198.51.100.60'])).toEqual(['192.0.2.50', '3221226034']);
  });
});

describe('an entry of a host list', () => {
  test('matches any URL on its host, on any port', async () => {
    const entries = [entry({ covers: 'host', url: 'a.example' })];
    const urls = ['a.example', 'a.example/x?y', 'a.example:8080/x', 'a.example:8080'];
    expect(await listedOf(entries, [...urls, 'b.a.example/x', 'example'])).toEqual(urls);
  });

  test('with a port matches any URL on that port', async () => {
    const entries = [entry({ covers: 'host', url: 'a.example:8080' })];
    const urls = ['a.example', 'a.example:8080', 'a.example:8080/x'];
    expect(await listedOf(entries, [...urls, 'a.example/x', 'a.example:80/x'])).toEqual(urls);
  });

  test('is merged with the entry of the URL: the newest has the family, the oldest the first date', async () => {
    const host = entry({ covers: 'host', url: 'a.example', family: 'Keitaro', date: '2016-05-05' });
    const url = entry({ url: 'a.example/x', family: 'Pony', date: '2017-05-05' });
    const both = {
      status: 'listed',
      message: 'Malicious: Pony',
      family: 'Pony',
      firstListed: '2016-05-05',
      source: 'snapshot',
      answeredAt,
    };
    expect(await ask([host, url], 'url', 'a.example/x')).toEqual(both);
    expect(await ask([{ ...host, date: '' }, url], 'url', 'a.example/x')).toEqual({ ...both, firstListed: '2017-05-05' });
    expect(await ask([{ ...host, date: '2018-05-05' }, url], 'url', 'a.example/x')).toEqual({
      ...both,
      message: 'Malicious: Keitaro',
      family: 'Keitaro',
      firstListed: '2017-05-05',
    });
  });
});

describe('an address', () => {
  const shared = [
    entry({ url: 'a.example/x', ip: '198.51.100.60', family: 'Pony', date: '2017-11-01' }),
    entry({ url: 'b.example/x', ip: '198.51.100.60', family: 'ZeuS', date: '2017-12-10' }),
    entry({ url: '198.51.100.60/x', ip: '198.51.100.60', family: 'Citadel', date: '' }),
  ];

  test.each([
    ['several entries', shared, 'ZeuS (3 entries share this address, newest 2017-12-10)', '2017-11-01'],
    ['one entry', shared.slice(0, 1), 'Pony (1 entry has this address, newest 2017-11-01)', '2017-11-01'],
    ['undated entries', shared.map((one) => ({ ...one, date: '' })), 'Pony (3 entries share this address)', undefined],
  ])('matches entries by host or resolved address, and says how many and how new: %s', async (_what, entries, said, date) => {
    expect(await ask(entries, 'ip', '198.51.100.60')).toEqual({
      status: 'listed',
      message: `Malicious: ${said}`,
      family: said.split(' ')[0],
      firstListed: date,
      source: 'snapshot',
      answeredAt,
    });
  });

  test('that is private is never matched, but the URL on it is', async () => {
    const entries = [entry({ url: '10.0.0.5/x.php', ip: '127.42.0.2' })];
    const answers = await Promise.all([
      ask(entries, 'ip', '10.0.0.5'),
      ask(entries, 'ip', '127.42.0.2'),
      ask(entries, 'url', '10.0.0.5/x.php'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['unlisted', 'unlisted', 'listed']);
  });

  test('that is invalid is unlisted, even when an entry has the same text', async () => {
    const texts = ['FastFlux', 'flux.example', '203.0.113.007'];
    const tracker = trackerOf(texts.map((ip) => entry({ url: 'a.example/x', ip })));
    const answers = await Promise.all(texts.map(async (key) => tracker.lookup({ type: 'ip', key }, patient)));
    const unlisted = { status: 'unlisted', source: 'snapshot', answeredAt };
    expect(answers).toEqual([unlisted, unlisted, unlisted]);
  });

  test('is found when the entry has blanks around it', async () => {
    expect(await ask([entry({ ip: ' 203.0.113.7\t' })], 'ip', '203.0.113.7')).toMatchObject({ status: 'listed' });
  });
});

describe('a domain', () => {
  const entries = [
    entry({ url: 'A.example:8080/x' }),
    entry({ covers: 'host', url: 'b.example' }),
    entry({ url: 'c.example' }),
    entry({ url: 'xn--bcher-kva.example/x' }),
  ];

  test.each(['a.example', 'a.EXAMPLE.', 'b.example', 'c.example', 'b\u00fccher.example'])(
    '%s matches entries on that host, on any port',
    async (domain) => {
      expect(await ask(entries, 'domain', domain)).toMatchObject({ status: 'listed' });
    },
  );

  test.each(['example', 'x.a.example', 'x.b.example', 'd.example'])('%s matches no other host', async (domain) => {
    expect(await ask(entries, 'domain', domain)).toMatchObject({ status: 'unlisted' });
  });
});
