import { describe, test } from 'vitest';
import { expectRefanged, expectUnchanged } from './tables.ts';

describe('schemes', () => {
  test('in any case are what they stand for', () => {
    expectRefanged({
      'HXXPS://PANEL.EXAMPLE/A': 'https://PANEL.EXAMPLE/A',
      'hxxps://panel.example/a': 'https://panel.example/a',
      'h**ps://panel.example/a': 'https://panel.example/a',
      'fxp://panel.example/a': 'ftp://panel.example/a',
      'fxps://panel.example/a': 'ftps://panel.example/a',
      'ftx://panel.example/a': 'ftp://panel.example/a',
      'sfxp://panel.example/a': 'sftp://panel.example/a',
      'hxps://panel.example/a': 'https://panel.example/a',
    });
  });

  test('unknown schemes stay, whatever else is defanged', () => {
    expectRefanged({
      'hzzp://panel[.]example/a': 'hzzp://panel.example/a',
      'meows[:]//panel.example': 'meows://panel.example',
      'tcp[:]//192[.]0[.]2[.]1[:]443': 'tcp://192.0.2.1:443',
      'git+ssh[://]panel.example/a': 'git+ssh://panel.example/a',
      'xhxxp://panel[.]example': 'xhxxp://panel.example',
    });
  });

  test('real ones keep their case', () => {
    expectRefanged({ 'HTTP[:]//panel.example': 'HTTP://panel.example', 'FTP://panel[.]example': 'FTP://panel.example' });
  });
});

describe('separators', () => {
  test('backslashes after a known scheme are slashes, up to the end', () => {
    expectRefanged({
      'http:\\\\panel.example\\a\\b': 'http://panel.example/a/b',
      'hxxps:\\\\panel[.]example\\a': 'https://panel.example/a',
      'http:\\/\\/panel.example\\/a\\/b': 'http://panel.example/a/b',
    });
  });

  test('two underscores are a separator straight after a known scheme only', () => {
    expectRefanged({
      'http__panel.example/a__b': 'http://panel.example/a__b',
      'hxxps__panel[.]example': 'https://panel.example',
      'tcp__panel.example/a': 'tcp__panel.example/a',
      'a__panel.example': 'a__panel.example',
    });
  });

  test('a drive letter or an unknown word before backslashes is no scheme', () => {
    expectUnchanged(['c:\\\\windows.example\\a', 'file:\\\\panel.example\\a', 'http:\\panel.example']);
  });
});

describe('blanks', () => {
  test('straight after a scheme are those of a Cisco mail gateway', () => {
    expectRefanged({
      'http:// evil .example /x': 'http://evil.example/x',
      'https:// www .evil .example': 'https://www.evil.example',
      'http:// 192 .0 .2 .1 :8080 /x': 'http://192.0.2.1:8080/x',
      'hxxp:// panel[.]example/x': 'http://panel.example/x',
      'http:// panel.example/x': 'http://panel.example/x',
    });
  });

  test('elsewhere stay, and keep a sentence from being a host', () => {
    expectUnchanged([
      'http://evil .example /x',
      'evil .example /x',
      'tcp:// evil .example /x',
      'http:// or https:// and so on',
      'http://panel.example/a b',
      'we write [.] for a dot',
      'hxxp:// is a scheme',
    ]);
  });

  test('around a defanged value go with it, around any other they stay', () => {
    expectRefanged({ ' hxxp://panel.example\t': 'http://panel.example', ' http://panel.example ': ' http://panel.example ' });
  });
});

describe('dots', () => {
  test('of a name without a scheme come out of any brackets', () => {
    expectRefanged({
      'panel[.]example': 'panel.example',
      'a[.]b(.)panel{.}example': 'a.b.panel.example',
      'bücher[.]example/ä': 'bücher.example/ä',
      'panel[.]example[:]8080[/]a': 'panel.example:8080/a',
      'hxxp[:]//panel.example[/]a': 'http://panel.example/a',
    });
  });

  test('in the path come out of brackets after a defanged scheme or host', () => {
    expectRefanged({
      'hxxps[://]panel[.]example/gate[.]php': 'https://panel.example/gate.php',
      'hxxp://panel.example/a(.)b[dot]c': 'http://panel.example/a.b.c',
      'panel[.]example/gate[.]php?v=1[.]2': 'panel.example/gate.php?v=1.2',
      'http://panel.example/gate[.]php': 'http://panel.example/gate.php',
    });
  });
});

describe('other marks', () => {
  test('an at sign in brackets is one', () => {
    expectRefanged({
      'admin[@]panel[.]example': 'admin@panel.example',
      'admin[at]panel[.]example': 'admin@panel.example',
      'admin(at)panel(dot)example': 'admin@panel.example',
      'hxxp://user[@]panel[.]example/a': 'http://user@panel.example/a',
    });
  });

  test('IPv6 colons come out of their brackets', () => {
    expectRefanged({
      '2001[:]db8[:][:]1': '2001:db8::1',
      '2001:db8[::]1': '2001:db8::1',
      'hxxp://[2001[:]db8[:][:]1][:]8080/a': 'http://[2001:db8::1]:8080/a',
    });
  });

  test('a URL in the query is defanged as the one around it', () => {
    expectRefanged({
      'hxxp://a[.]example/r?u=hxxps[://]b[.]example[/]c': 'http://a.example/r?u=https://b.example/c',
      'hxxp://a[.]example/r?u=hxxp[:]//b': 'http://a.example/r?u=http://b',
    });
  });
});

describe('a value that is not defanged', () => {
  test('stays as it is', () => {
    expectUnchanged([
      ...' 192.0.2.1 2001:db8::1 [2001:db8::1]:8080 http://[2001:db8::1]:8080/x http://[::]/x http://[::ffff:192.0.2.1]/x'.split(
        ' ',
      ),
      ...'panel.example panel.example:8080/a HTTP://PANEL.EXAMPLE/A http://user:secret@panel.example/x'.split(' '),
      ...'http://bücher.example/ä?ö=ü http://localhost:9090/ http://panel.example./x http://panel_1.example/x'.split(' '),
      ' ',
    ]);
  });

  test('keeps the brackets of its path, query and fragment', () => {
    const paths = 'a_(b) a(.)b dot_(dot) ?id[]=1&id[x]=2 ?color[dot]=1&mail[at]=2 {.}/{a}/a{.}b a[.b/c.]d a\\.b a\\b'.split(' ');
    const more = '[/]x[:]y[@]z http__x r?u=hxxp://b.example #(dot)'.split(' ');
    expectUnchanged(['{.}', ...[...paths, ...more].map((path) => `http://panel.example/${path}`)]);
  });

  test('keeps placeholders even when it was defanged', () => {
    expectRefanged({
      'hxxp://panel[.]example/{.}?a[]=1&b=a{.}b': 'http://panel.example/{.}?a[]=1&b=a{.}b',
      'hxxp://panel[.]example/a[.b\\.c': 'http://panel.example/a[.b\\.c',
    });
  });
});

test('a value without a plausible host stays as it is, but for wrong numbers', () => {
  const values = 'hxxp:// hxxp [.] [:]// http[://] hxxp://{host}[.]example/a http://[panel]/a hxxp:///a [[.]]'.split(' ');
  expectUnchanged([...values, `hxxp://${'a'.repeat(3000)}`]);
  expectRefanged({ '999[.]1[.]1[.]1': '999.1.1.1', '1[.]2[.]3[.]4[.]5': '1.2.3.4.5' });
});

test('an escaped dot is that of a regular expression', () => {
  expectRefanged({
    'panel\\.example\\.com': 'panel.example.com',
    'panel\\\\.example': 'panel.example',
    '192\\\\.0\\\\.2\\\\.1': '192.0.2.1',
    'http://panel\\.example/gate\\.php': 'http://panel.example/gate.php',
    'panel\\\\.example/gate\\\\.php$': 'panel.example/gate.php',
    'panel\\.example/gate\\.php$/i': 'panel.example/gate.php',
  });
  expectUnchanged(['http://panel.example/gate\\.php', 'http://panel.example/admin$']);
});
