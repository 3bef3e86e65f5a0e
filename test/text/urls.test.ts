import { describe, test } from 'vitest';
import { expectAllFound, expectFound, expectNothing } from './tables.ts';

describe('a URL', () => {
  test('is refanged in its path too', () => {
    expectFound({
      'see hxxps[://]panel[.]example[/]gate[.]php?x={.}.': ['url https://panel.example/gate.php?x={.}'],
      'see hxxp://panel[.]example/a[ . ]b now': ['url http://panel.example/a.b'],
    });
  });

  test('may have any scheme, port, user and kind of host', () => {
    expectFound({
      'x hxxp://192[.]0[.]2[.]1[:]8080/a': ['url http://192.0.2.1:8080/a'],
      'x hxxp://[2001[:]db8[:][:]1]:8080/a': ['url http://[2001:db8::1]:8080/a'],
      'x http://user:secret@panel.example/a': ['url http://user:secret@panel.example/a'],
      'x http://localhost:9090/': ['url http://localhost:9090/'],
      'x http://xn--.example/a http://xn--zz.example': ['url http://xn--.example/a', 'url http://xn--zz.example'],
      'x http://xn--bcher-kva.example/ http://💩.example/': ['url http://xn--bcher-kva.example/', 'url http://💩.example/'],
      'x git+ssh://panel.example/a ws://panel.example': ['url git+ssh://panel.example/a', 'url ws://panel.example'],
      '${jndi:ldap://192.0.2.1:1389/a}': ['url ldap://192.0.2.1:1389/a'],
      'x http://panel.example./a http://panel.example?a#b': ['url http://panel.example./a', 'url http://panel.example?a#b'],
    });
  });

  test('ends where the sentence goes on', () => {
    const ends = ['.', ',', '!?', '...', '…', '，http', '\u200bb'];
    const around = ['(|).', '[|],', '{|};', '<|>.', '**|**', '`|`', '„|“', '‘|’', '(|)b', '[x](|)b_(c)', '\u001b[1m|\u001b[0m'];
    const quoted = ['href=&quot;|&quot;&gt;', '"GET |\\r\\nHost"', '"url": "|\\"'];
    const lines = [...ends.map((end) => `|${end}`), ...around, ...quoted].map((line) =>
      line.replace('|', 'http://panel.example/a'),
    );
    expectAllFound(['url http://panel.example/a'], lines);
  });

  test('keeps what it opened itself', () => {
    expectFound({
      '(http://panel.example/a_(b))': ['url http://panel.example/a_(b)'],
      '[http://panel.example/?a[]=1]': ['url http://panel.example/?a[]=1'],
      "http://panel.example/it's": ["url http://panel.example/it's"],
      'http://panel.example/a,b;c|d': ['url http://panel.example/a,b;c|d'],
      'http://panel.example/?a=(b': ['url http://panel.example/?a=(b'],
    });
  });

  test('without a path ends behind its host', () => {
    const lines = ['|.', '|: yes', '(|)', '|[1] and', '|, http', "'|'", '|\\n'].map((line) =>
      line.replace('|', 'http://panel.example'),
    );
    expectAllFound(['url http://panel.example'], lines);
  });

  test('straight behind another is one of its own', () => {
    const [a, b] = ['http://panel.example/a', 'http://panel.example/b'];
    const pairs = [
      `${a},hxxp://panel[.]example/b`,
      `${a};${b}`,
      `${a}|${b}|`,
      `['${a}','${b}']`,
      `(${a})(${b})`,
      `{"see":"http:\\/\\/panel.example\\/a"} ${b}`,
    ];
    expectAllFound([`url ${a}`, `url ${b}`], pairs);
    expectAllFound(['url panel.example/a', `url ${b}`], [`x=panel.example/a,${b}`, `panel.example/a,${b}`]);
    expectFound({ 'http://panel.example,http://b.example': ['url http://panel.example', 'url http://b.example'] });
  });

  test('begins at its own scheme', () => {
    const lines = ['here.|', '-|', 'url=|', 'http://|', '见|。然后'].map((line) => line.replace('|', 'http://panel.example/a'));
    expectAllFound(['url http://panel.example/a'], lines);
  });

  test('is not what has no host that a URL parser would take', () => {
    expectNothing([
      'hxxp:// and meow:// are stand-ins',
      'the prefix http:// or https:// for a host',
      'http://-/ http://_/ http://.. http:///a',
      'http://999.1.1.1/x http://192.0.2.1.5/x http://192.0.2.256',
      'http://{host}/x http://$host/x http://<host>/x http://%s/x',
      'http://panel.${env}.example/x http://api{env}.example/x',
      'C:\\\\windows.example\\x C://windows.example/x',
      'Model.objects.filter(a__http__b=1, http__request.method)',
    ]);
  });
});

describe('a URL without a scheme', () => {
  test('is found alone on its line', () => {
    expectFound({
      '  panel[.]example/gate[.]php?id=1 ': ['url panel.example/gate.php?id=1'],
      '- panel.example/a': ['url panel.example/a'],
      'panel.example/a.': ['url panel.example/a'],
      '192[.]0[.]2[.]1:8080/a': ['url 192.0.2.1:8080/a'],
      '192.0.2.1/': ['url 192.0.2.1/'],
      '[2001:db8::1]:8080/a': ['url [2001:db8::1]:8080/a'],
      'panel.example:8080': ['url panel.example:8080'],
    });
  });

  test('is found among other words', () => {
    const lines = ['see | now', 'see |.', '"|",', '<b>|</b>', 'put http:// | apart', 'url: |, then', '（|）', '**|**'];
    expectAllFound(
      ['url panel.example/a'],
      [...lines.map((line) => line.replace('|', 'panel.example/a')), 'see panel[.]example/a now'],
    );
    expectFound({ 'panel.example/a,b c': ['url panel.example/a,b'], 'at 192.0.2.1/panel today': ['url 192.0.2.1/panel'] });
  });

  test('is only the host where the port is none', () => {
    const lines = ['panel.example:http', 'http://panel.example:port/', 'http://panel.example:99999/', 'panel.example:10:24'];
    expectAllFound(['domain panel.example'], lines);
  });

  test('is not found in what only looks like one', () => {
    expectNothing('and/or lib/x.js gate.php?id=1 e.g./x 1.2.3/a a@panel.example/x /panel.example/a'.split(' '));
  });
});
