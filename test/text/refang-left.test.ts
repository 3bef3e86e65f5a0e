import { describe, test } from 'vitest';
import { expectRefanged, expectUnchanged } from './refanged.ts';

describe('a value that is not defanged', () => {
  test('comes back as it is', () => {
    expectUnchanged([
      '',
      ' ',
      '192.0.2.1',
      '2001:db8::1',
      '[2001:db8::1]:8080',
      'http://[2001:db8::1]:8080/x',
      'http://[::]/x',
      'http://[::ffff:192.0.2.1]/x',
      'panel.example',
      'panel.example:8080/a',
      'HTTP://PANEL.EXAMPLE/A',
      'http://user:secret@panel.example/x',
      'http://bücher.example/ä?ö=ü',
      'http://localhost:9090/',
      'http://panel.example./x',
      'http://panel_1.example/x',
    ]);
  });

  test('keeps the brackets of its path, query and fragment', () => {
    expectUnchanged([
      'http://panel.example/a_(b)',
      'http://panel.example/a(.)b',
      'http://panel.example/dot_(dot)',
      'http://panel.example/?id[]=1&id[x]=2',
      'http://panel.example/?color[dot]=1&mail[at]=2',
      'http://panel.example/{.}/{a}/a{.}b',
      'http://panel.example/a[.b/c.]d',
      'http://panel.example/a\\.b',
      'http://panel.example/a\\b',
      'http://panel.example/[/]x[:]y[@]z',
      'http://panel.example/http__x',
      'http://panel.example/r?u=hxxp://b.example',
      'http://panel.example/#(dot)',
      '{.}',
    ]);
  });

  test('keeps placeholders even when it was defanged', () => {
    expectRefanged({
      'hxxp://panel[.]example/{.}?a[]=1&b=a{.}b': 'http://panel.example/{.}?a[]=1&b=a{.}b',
      'hxxp://panel[.]example/a[.b\\.c': 'http://panel.example/a[.b\\.c',
    });
  });
});

describe('a value without a believable host', () => {
  test('comes back as it is', () => {
    expectUnchanged([
      'hxxp://',
      'hxxp',
      '[.]',
      '[:]//',
      'http[://]',
      'hxxp://{host}[.]example/a',
      'http://[panel]/a',
      'hxxp:///a',
      '[[.]]',
      `hxxp://${'a'.repeat(3000)}`,
    ]);
  });

  test('is still refanged where only its numbers are wrong, so that people see what was meant', () => {
    expectRefanged({ '999[.]1[.]1[.]1': '999.1.1.1', '1[.]2[.]3[.]4[.]5': '1.2.3.4.5' });
  });
});
