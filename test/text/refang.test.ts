import { describe, test } from 'vitest';
import { expectRefanged, expectUnchanged } from './refanged.ts';

describe('schemes', () => {
  test('hxxp and hxxps in any case are http and https', () => {
    expectRefanged({
      'hxxp://panel.example/a': 'http://panel.example/a',
      'hxxps://panel.example/a': 'https://panel.example/a',
      'hXXp://panel.example/a': 'http://panel.example/a',
      'HXXPS://PANEL.EXAMPLE/A': 'https://PANEL.EXAMPLE/A',
    });
  });

  test('the known stand-ins are what they stand for', () => {
    expectRefanged({
      'meow://panel.example/a': 'http://panel.example/a',
      'h**p://panel.example/a': 'http://panel.example/a',
      'h**ps://panel.example/a': 'https://panel.example/a',
      'H**P://panel.example/a': 'http://panel.example/a',
      'fxp://panel.example/a': 'ftp://panel.example/a',
      'fxps://panel.example/a': 'ftps://panel.example/a',
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
  test('colon and slashes come out of their brackets', () => {
    const wanted = 'http://panel.example/a';
    expectRefanged({
      'http[:]//panel.example/a': wanted,
      'http(:)//panel.example/a': wanted,
      'http[://]panel.example/a': wanted,
      'http(://)panel.example/a': wanted,
      'http[://panel.example/a': wanted,
      'http[:// panel.example/a': wanted,
      'http[:// ]panel.example/a': wanted,
      'http:[//]panel.example/a': wanted,
      'http:[/][/]panel.example/a': wanted,
      'http[:][/][/]panel.example/a': wanted,
      'http:/[/]panel.example/a': wanted,
      'hxxp[:]//panel.example[/]a': wanted,
    });
  });

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
  test('between labels come out of any brackets', () => {
    const wanted = 'http://panel.example/a';
    expectRefanged({
      'http://panel[.]example/a': wanted,
      'http://panel(.)example/a': wanted,
      'http://panel{.}example/a': wanted,
      'http://panel[dot]example/a': wanted,
      'http://panel[DOT]example/a': wanted,
      'http://panel(dot)example/a': wanted,
      'http://panel{dot}example/a': wanted,
      'http://panel[ . ]example/a': wanted,
      'http://panel( dot )example/a': wanted,
      'http://panel [.] example/a': wanted,
      'http://panel\\.example/a': wanted,
      'http://panel[.example/a': wanted,
      'http://panel.]example/a': wanted,
    });
  });

  test('between octets do too', () => {
    const wanted = '192.0.2.1';
    expectRefanged({
      '192[.]0[.]2[.]1': wanted,
      '192.0.2[.]1': wanted,
      '192(.)0(.)2(.)1': wanted,
      '192{.}0{.}2{.}1': wanted,
      '192[dot]0[dot]2[dot]1': wanted,
      '192\\.0\\.2\\.1': wanted,
      '192[.0[.2[.1': wanted,
      '192.]0.]2.]1': wanted,
      '192 [.] 0 [.] 2 [.] 1': wanted,
    });
  });

  test('of a name without scheme or path do too', () => {
    expectRefanged({
      'panel[.]example': 'panel.example',
      'a[.]b(.)panel{.}example': 'a.b.panel.example',
      'bücher[.]example/ä': 'bücher.example/ä',
      'panel[.]example[:]8080[/]a': 'panel.example:8080/a',
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
