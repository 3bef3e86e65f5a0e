import { describe, expect, test } from 'vitest';
import { extractObservables } from '../../src/text/extract.ts';
import { expectFound, expectPassedOver } from './tables.ts';

describe('what logs and reports hold', () => {
  test('of firewalls, packets and name servers', () => {
    expectFound({
      'permitted tcp inside/10.0.0.1(50000) -> outside/198.51.100.60(80)': ['ip 10.0.0.1', 'ip 198.51.100.60'],
      'eth0/192.0.2.9 up, curl/7.1.2.3 and Chrome/1.2.3.4': ['ip 192.0.2.9'],
      'connect to (panel.example/192.0.2.1)': ['domain panel.example', 'ip 192.0.2.1'],
      'IP 10.0.0.1.50000 > 198.51.100.60.80: Flags [S]': ['ip 10.0.0.1', 'ip 198.51.100.60'],
      'IP 10.0.0.1.53 > 198.51.100.60.53: 12345+ A?': ['ip 10.0.0.1', 'ip 198.51.100.60'],
      "resolving 'drop.example/A/IN': 192.0.2.13#53": ['domain drop.example', 'ip 192.0.2.13'],
      'query[A] panel.zip from 10.0.0.1': ['domain panel.zip', 'ip 10.0.0.1'],
      'query: panel.py IN A +E(0)K': ['domain panel.py'],
      'resolving panel.sh. A IN': ['domain panel.sh'],
      'A      (5)panel(3)zip(0)': ['domain panel.zip'],
      'address=/panel.example/0.0.0.0': ['domain panel.example', 'ip 0.0.0.0'],
      'server=/panel.example/drop.example/192.0.2.1': ['domain panel.example', 'domain drop.example', 'ip 192.0.2.1'],
      'server=/panel.example/': ['domain panel.example'],
    });
  });

  test('of requests and loaders', () => {
    expectFound({
      '"GET /index.php?page=http://panel.example/x?m=a HTTP/1.1"': ['url http://panel.example/x?m=a'],
      'GET /a.exe?u=192.0.2.9&d=panel.example': ['ip 192.0.2.9', 'domain panel.example'],
      "'http://a.example/x@http://b.example/y@http://c.example/z'.Split('@')": [
        ...['url http://a.example/x', 'url http://b.example/y', 'url http://c.example/z'],
      ],
      'http://a.example/x*http://b.example/y': ['url http://a.example/x', 'url http://b.example/y'],
      'http://a.example/xhttp://b.example/y': ['url http://a.example/x', 'url http://b.example/y'],
      'http://a.example/web/2020/http://b.example/': ['url http://a.example/web/2020/http://b.example/'],
      'wget http://a.example/$(uname -m)': ['url http://a.example/'],
    });
  });

  test('of markup and footnotes', () => {
    expectFound({
      '{code}http://panel.example/a{code} {color:red}http://panel.example/b{color}': [
        ...['url http://panel.example/a', 'url http://panel.example/b'],
      ],
      '!http://panel.example/i.png|thumbnail!': ['url http://panel.example/i.png'],
      'http://panel.example/a[label], http://panel.example/b^[here]': [
        'url http://panel.example/a',
        'url http://panel.example/b',
      ],
      'http://panel.example/a[3] http://panel.example/b² p.example¹': [
        ...['url http://panel.example/a', 'url http://panel.example/b', 'domain p.example'],
      ],
      'http://panel.example/?id[] http://panel.example/?a[x]=1': [
        'url http://panel.example/?id[]',
        'url http://panel.example/?a[x]=1',
      ],
      'panel<.>example and http__drop.example': ['domain panel.example', 'domain drop.example'],
    });
  });
});

test('a range of the last octet is one', () => {
  expect(extractObservables('from 192.0.2.14-20 on')).toEqual({
    found: [],
    passedOver: [{ reason: 'range', text: '192.0.2.14-20' }],
  });
});

test('a regular expression', () => {
  expectFound({
    'pcre:"/panel\\.example$/i"': ['domain panel.example'],
    '$a = /https?:\\/\\/panel\\.example\\/gate\\.php/ ascii': ['url panel.example/gate.php/'],
    '"pattern": "^(www\\\\.)?panel\\\\.example/gate\\\\.php$"': ['url panel.example/gate.php'],
    '"^192\\\\.0\\\\.2\\\\.1$"': ['ip 192.0.2.1'],
  });
  expectPassedOver('file name', ['users\\bob\\.example\\keys', '"users\\\\bob\\\\.example\\\\keys"', 'main\\.py|run\\.sh']);
  expectPassedOver('no such top-level domain', ['bob\\.ssh', '"repo\\\\.git"']);
});
