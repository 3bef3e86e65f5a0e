import { describe, test } from 'vitest';
import { expectAllFound, expectFound, expectNothing } from './tables.ts';

const [NAME, ADDRESS, URL] = ['domain panel.example', 'ip 192.0.2.1', 'url http://panel.example/a'];

describe('a backslash', () => {
  test('begins no escape in a path of Windows, whose folders and files are no names', () => {
    expectNothing([
      'C:\\Windows\\System32\\format.example',
      'C:\\inetpub\\vhosts\\news.panel.example\\httpdocs',
      'D:\\sites\\blog.panel.example\\x D:\\sites\\foo.panel.example',
      'C:\\Program Files (x86)\\new folder\\news.panel.example\\x',
      'C:\\Users\\bob\\x41.panel.example C:\\u0041\\panel.example',
      '"path":"C:\\\\inetpub\\\\news.panel.example\\\\x"',
      '"{\\"path\\":\\"C:\\\\\\\\sites\\\\\\\\news.panel.example\\"}"',
      '\\\\fs1\\reports\\rpt.panel.example',
      'sites\\news.panel.example and eu\\blog.panel.example',
    ]);
  });

  test('twice begins the name of a server', () => {
    const lines = ['\\\\|\\share\\x', 'net use Z: \\\\|\\data', '"\\\\\\\\|\\\\share"', 'file:\\\\|\\a', '(see \\\\|)', '\\\\|'];
    for (const name of ['files.panel.example', 'news.panel.example', 'backup.panel.example', 'x41.panel.example'])
      expectAllFound(
        [`domain ${name}`],
        lines.map((line) => line.replace('|', name)),
      );
    expectFound({ '\\\\192.0.2.1\\share\\x.exe "\\\\\\\\192.0.2.1\\\\share"': [ADDRESS, ADDRESS] });
  });

  test('begins an escape between values, behind a path too', () => {
    expectAllFound(
      [NAME, ADDRESS],
      [
        'panel.example\\n192.0.2.1',
        'panel.example\\t192.0.2.1\\r\\n',
        'seen:\\npanel.example\\r\\n192.0.2.1',
        '"a\\npanel.example\\\\n192.0.2.1"',
        '"hosts:\\\\npanel.example\\\\n192.0.2.1"',
        '"C:\\\\a\\\\b.exe panel.example\\n192.0.2.1"',
        'C:\\a\\b.exe panel.example\\n192.0.2.1',
      ],
    );
    expectFound({
      'panel.example\\tdrop.example\\r\\nnet.example': [NAME, 'domain drop.example', 'domain net.example'],
      'C:\\temp\\nhttp://panel.example/a': [URL],
    });
  });

  test('may stand for a slash', () => {
    expectAllFound(
      [URL],
      [
        '{"u":"http:\\\\\\/\\\\\\/panel.example\\\\\\/a"}',
        '"http:\\057\\057panel.example\\057a"',
        'http:\\\\panel.example\\a',
        'hxxp[:]\\\\panel[.]example\\a',
      ],
    );
    expectFound({ 'hxxps[:]\\\\panel[.]example\\new': ['url https://panel.example/new'] });
  });
});

test('a dot, colon or slash may be escaped', () => {
  expectAllFound([URL], ['http&#58;&#47;&#47;panel&#46;example&#47;a', 'http&colon;&sol;&sol;panel&period;example&sol;a']);
  expectAllFound([URL], ['http\\u003a\\u002f\\u002fpanel\\u002eexample/a', 'http\\://panel.example/a']);
  expectAllFound([ADDRESS], ['192&#46;0&#46;2&#46;1', '192\\u002e0\\u002e2\\u002e1', '"\\x31\\x39\\x32\\x2e0\\x2e2\\x2e1"']);
  expectAllFound([NAME], ['panel\\u002eexample', 'panel\\x2eexample', 'panel&period;example', 'panel&#x2e;example']);
  expectAllFound([NAME], ['panel{[}.{]}example', 'panel{[.]}example']);
  expectAllFound(
    [URL],
    ['http://panel.example/a&raquo;', '&ldquo;http://panel.example/a&rdquo;', 'hxxp://panel{[}.{]}example/a'],
  );
  expectFound({
    '\\url{http://panel.example/?a=1\\&b=2\\#c\\%20d}': ['url http://panel.example/?a=1&b=2#c%20d'],
    'http://panel.example/?a=1&copy=2': ['url http://panel.example/?a=1&copy=2'],
  });
});

describe('a URL in percent escapes', () => {
  const encoded = 'http%3A%2F%2Fpanel.example%2Fa';
  test('is found behind any mark', () => {
    const before = ['', 'x%20', 'x%3D', '%22', '_', '%7B%22u%22%3A%22', 'x=', '(', '%2C'];
    expectAllFound(
      [URL],
      before.map((mark) => mark + encoded),
    );
    expectAllFound([URL], ['http%3a//panel.example/a', 'http:%2f%2fpanel.example%2fa', 'hxxp%3A%2F%2Fpanel[.]example%2Fa']);
    expectAllFound([URL], ['http%253A%252F%252Fpanel.example%252Fa', 'http%25253A%25252F%25252Fpanel.example%25252Fa']);
  });

  test('ends at what separates parameters, and a quote or blank in it', () => {
    const lines = ['GET /r?u=|&sa=D', 'url=|&sig=x', '%22|%22', '"/?a=wget%20|%20-O%20-"', 'x=|%0d%0aHost'];
    expectAllFound(
      [URL],
      lines.map((line) => line.replace('|', encoded)),
    );
    expectFound({ 'u=http%3A%2F%2Fpanel.example%2Fa%3Fb%3D1%26c%3D2': ['url http://panel.example/a?b=1&c=2'] });
  });

  test('belongs to the URL that it stands in', () => {
    for (const url of [`https://drop.example/r?u=${encoded}&sa=D`, `www.drop.example/r?u=${encoded}&sa=D`])
      expectAllFound([`url ${url}`], [url, `see ${url} now`, `x=${url}`]);
  });

  test('may stand in a lookup of Log4j', () => {
    const lines = [
      '$%7Bjndi:ldap://|%7D',
      '%24%7Bjndi:ldap://|%7D',
      '/?x=%24%7Bjndi%3Aldap%3A%2F%2F192.0.2.1%3A1389%2Fa%7D HTTP',
    ];
    expectAllFound(
      ['url ldap://192.0.2.1:1389/a'],
      lines.map((line) => line.replace('|', '192.0.2.1:1389/a')),
    );
  });

  test('may be its host only', () => {
    expectFound({
      'http://%77ww.panel.example/a': ['url http://www.panel.example/a'],
      'http://panel%2Eexample/a': [URL],
      'http://bob%40drop.example:x@panel.example/a%2E': ['url http://bob%40drop.example:x@panel.example/a%2E'],
    });
  });
});

test('the codes of a terminal are left out', () => {
  const [start, end] = ['\u001B[01;31m\u001B[K', '\u001B[m\u001B[K'];
  expectAllFound([NAME], [`${start}panel.example${end}`, `a.log${end}\u001B[36m:${end}panel.example`]);
  expectAllFound([ADDRESS], [`${start}192.0.2.1${end}`]);
  expectFound({ [`${start}http://panel.example/a${end} ${start}192.0.2.1${end}`]: [URL, ADDRESS] });
});

test('a hyphen in brackets is one within a name', () => {
  expectFound({
    'my[-]panel.example, my[-]panel[.]example/a': ['domain my-panel.example', 'url my-panel.example/a'],
    'hxxp://my[-]panel[.]example/a?x=b[-]c': ['url http://my-panel.example/a?x=b[-]c'],
    '[a-z][-]panel.example': ['domain panel.example'],
  });
});
