import { describe, expect, test } from 'vitest';
import { joinPairs } from '../../src/records/joined-pairs.ts';
import { text } from '../../src/records/text.ts';
import { collect } from './collect-lines.ts';

const found = (line: string) => collect(text, line).found;

describe('host and path of a line make a URL', () => {
  test.each([
    ['a firewall', 'type="utm" hostname="a.example" dstport=443 url="/x?y=1&z=2" agent="Go"', 'url http://a.example/x?y=1&z=2'],
    ['at a port', 'hostname="a.example" dstport=8080 url="/x"', 'url http://a.example:8080/x'],
    ['without quotes', 'proto=tcp/http dstname=a.example arg=/x.php code=27', 'url http://a.example/x.php'],
    ['the path first', '[url "/x"] [hostname "192.0.2.1"] [id "1"]', 'url http://192.0.2.1/x'],
    ['a name called url', 'name="x" url="a.example" obj="/x"', 'url http://a.example/x'],
    ['the log of a server', 'request: "GET /x HTTP/1.1", host: "a.example:81"', 'url http://a.example:81/x'],
    ['an address', 'http_host=192.0.2.1 uri=/', 'url http://192.0.2.1/'],
  ])('of %s', (_what, line, url) => {
    expect(found(line)).toEqual([url]);
  });

  test.each([
    ['a URL', 'hostname="a.example" url="http://a.example/x"'],
    ['no host', 'url="/x" from a.example'],
    ['a host without a dot', 'host=fw1 url=/x'],
    ['a host among words', 'the host a.example, url /x'],
    ['other keys', 'src-host=a.example url=/x'],
    ['a path of a file', 'host=a.example path=/var/log/x.log'],
  ])('not of %s', (_what, line) => {
    expect(joinPairs(line)).toBe(line);
  });

  test.each(['url=/', 'host=a.', 'host=', 'url="/x host="a.', 'a.'])('a line of many %j takes linear time', (piece) => {
    const line = `url=/x ${piece.repeat(300_000)}`;
    const start = performance.now();
    joinPairs(line);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
