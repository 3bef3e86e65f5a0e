import { describe, test } from 'vitest';
import { expectFound, expectNothing } from './found-in.ts';

describe('a URL', () => {
  test('is found defanged in any usual way', () => {
    const wanted = ['url http://panel.example/a'];
    expectFound({
      'see hxxp://panel[.]example/a now': wanted,
      'see hXXp[:]//panel(.)example/a now': wanted,
      'see http[://]panel{.}example/a now': wanted,
      'see hxxp[:// panel.example/a now': wanted,
      'see http:[/][/]panel.example/a now': wanted,
      'see http:\\\\panel.example\\a now': wanted,
      'see meow://panel[dot]example/a now': wanted,
      'see h**p://panel[ . ]example/a now': wanted,
      'see hxxp://panel [.] example/a now': wanted,
      'see hxxp://panel\\.example/a now': wanted,
      'see hxxp__panel[.]example/a now': wanted,
      'see http__panel.example/a now': wanted,
      'see hxxp://panel[.example/a now': wanted,
      'see hxxp://panel.]example[/]a now': wanted,
      'see http:// panel .example /a now': wanted,
      'see hxxp:// panel[.]example/a now': wanted,
      '{"see":"http:\\/\\/panel.example\\/a"}': wanted,
    });
  });

  test('is refanged in its path too', () => {
    expectFound({
      'see hxxps[://]panel[.]example[/]gate[.]php?x={.}.': ['url https://panel.example/gate.php?x={.}'],
      'see hxxp://panel[.]example/a[ . ]b now': ['url http://panel.example/a.b'],
    });
  });

  test('is found alone on a line with a blank behind its scheme', () => {
    expectFound({ 'http:// panel.example/a': ['url http://panel.example/a'] });
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
    const wanted = ['url http://panel.example/a'];
    expectFound({
      'http://panel.example/a.': wanted,
      'http://panel.example/a,': wanted,
      'http://panel.example/a!?': wanted,
      'http://panel.example/a...': wanted,
      'http://panel.example/a…': wanted,
      '(http://panel.example/a).': wanted,
      '[http://panel.example/a],': wanted,
      '{http://panel.example/a};': wanted,
      '<http://panel.example/a>.': wanted,
      '**http://panel.example/a**': wanted,
      '`http://panel.example/a`': wanted,
      '„http://panel.example/a“': wanted,
      '‘http://panel.example/a’': wanted,
      'http://panel.example/a，http': wanted,
      'http://panel.example/a\u200bb': wanted,
      '(http://panel.example/a)b': wanted,
      '[x](http://panel.example/a)b_(c)': wanted,
      'href=&quot;http://panel.example/a&quot;&gt;': wanted,
      '"GET http://panel.example/a\\r\\nHost"': wanted,
      '"url": "http://panel.example/a\\"': wanted,
      '\u001b[1mhttp://panel.example/a\u001b[0m': wanted,
    });
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
    const wanted = ['url http://panel.example'];
    expectFound({
      'http://panel.example.': wanted,
      'http://panel.example: yes': wanted,
      '(http://panel.example)': wanted,
      'http://panel.example[1] and': wanted,
      'http://panel.example, http': wanted,
      "'http://panel.example'": wanted,
      'http://panel.example\\n': wanted,
    });
  });

  test('straight behind another is one of its own', () => {
    const wanted = ['url http://panel.example/a', 'url http://panel.example/b'];
    expectFound({
      'http://panel.example/a,hxxp://panel[.]example/b': wanted,
      'http://panel.example/a;http://panel.example/b': wanted,
      'http://panel.example/a|http://panel.example/b|': wanted,
      "['http://panel.example/a','http://panel.example/b']": wanted,
      '(http://panel.example/a)(http://panel.example/b)': wanted,
      'x=panel.example/a,http://panel.example/b': ['url http://panel.example/b'],
      'panel.example/a,http://panel.example/b': ['url http://panel.example/b'],
      'http://panel.example,http://b.example': ['url http://panel.example', 'url http://b.example'],
    });
  });

  test('begins at its own scheme', () => {
    const wanted = ['url http://panel.example/a'];
    expectFound({
      'here.http://panel.example/a': wanted,
      '-http://panel.example/a': wanted,
      'url=http://panel.example/a': wanted,
      'http://http://panel.example/a': wanted,
      '见http://panel.example/a。然后': wanted,
    });
  });

  test('is not what has no host that a URL parser would take', () => {
    expectNothing([
      'hxxp:// and meow:// are stand-ins',
      'the prefix http:// or https:// for panel.example',
      'put http:// panel.example/a apart',
      'http://-/ http://_/ http://.. http:///a',
      'http://999.1.1.1/x http://192.0.2.1.5/x http://192.0.2.256',
      'http://{host}/x http://$host/x http://<host>/x http://%s/x',
      'http://panel.${env}.example/x http://api{env}.example/x',
      'http://panel.example:port/ http://panel.example:99999/',
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

  test('is not found among other words, nor in what only looks like one', () => {
    expectNothing([
      'see panel.example/a now',
      'see panel[.]example/a now',
      'and/or',
      'lib/x.js',
      'gate.php?id=1',
      'e.g./x',
      '1.2.3/a',
      'a@panel.example/x',
      '/panel.example/a',
      'panel.example:http',
      'panel.example/a,b c',
    ]);
  });
});
