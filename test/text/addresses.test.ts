import { describe, test } from 'vitest';
import { expectAllFound, expectFound, expectNothing, expectPassedOver } from './tables.ts';

describe('an address', () => {
  test('is found as logs write it', () => {
    expectAllFound(
      ['ip 192.0.2.1'],
      [
        'TCP_MISS/200 1 GET HIER_DIRECT/192.0.2.1 text/html',
        'Built outbound for outside:192.0.2.1/443 to inside',
        'accept from /192.0.2.1:443',
        'root@192.0.2.1: denied',
        '::ffff:192.0.2.1 - - [24/Nov/2026]',
        ...['{"ip":"192.0.2.1"}', '[192.0.2.1]:25', '\\\\192.0.2.1\\share', '#192.0.2.1', '地址192.0.2.1是'],
        ...['\u001b[32m192.0.2.1\u001b[0m up', '`192.0.2.1` up'],
      ],
    );
  });

  test('and its port on a line are the address', () => {
    expectFound({ '192[.]0[.]2[.]1:8080': ['ip 192.0.2.1'], '* 192.0.2.1': ['ip 192.0.2.1'] });
  });

  test('and a port behind a slash are the address, wherever the digits end', () => {
    expectAllFound(
      ['ip 192.0.2.6', 'ip 198.51.100.7'],
      [
        ...[
          '192.0.2.6/51514->198.51.100.7/443',
          '192.0.2.6/51514-->198.51.100.7/443 0x0',
          '192.0.2.6/51514(CORP\\bob) 198.51.100.7/443,',
        ],
        ...['inside:192.0.2.6/51514(bob) (198.51.100.7/51514)', '192.0.2.6:443/tcp 198.51.100.7/udp;'],
      ],
    );
    expectFound({
      '192.0.2.1/51514/a 192.0.2.1/1a 192.0.2.1/80.txt': ['url 192.0.2.1/51514/a', 'url 192.0.2.1/1a', 'url 192.0.2.1/80.txt'],
    });
  });

  test('and its own netmask are the address', () => {
    expectAllFound(
      ['ip 192.0.2.5'],
      [
        ...['inet 192.0.2.5 netmask 255.255.255.0 up', 'ip address 192.0.2.5 255.255.255.0', '192.0.2.5/255.255.255.128'],
        ...['192.0.2.5 mask 255.255.255.255', 'inet 192.0.2.5/24 up', 'a typo: 192.0.2.5/255.255.225.0 up'],
      ],
    );
    expectNothing(['192.0.2.0 255.255.255.0', '192.0.2.0 0.0.0.255', '192.0.2.0 netmask 255.255.255.128']);
  });

  test('is found twice, also at both ends of a range', () => {
    const ranges = [
      '192.0.2.1 - 192.0.2.9',
      '192.0.2.1–192.0.2.9',
      'x 192[.]0[.]2[.]1-192[.]0[.]2[.]9 y',
      '`192.0.2.1` or **192.0.2.9**',
    ];
    expectAllFound(['ip 192.0.2.1', 'ip 192.0.2.9'], ranges);
  });

  test('is not found twice in a URL, nor after it', () => {
    expectFound({
      '192.0.2.9 http://192.0.2.1/192.0.2.2 192.0.2.3': ['ip 192.0.2.9', 'url http://192.0.2.1/192.0.2.2', 'ip 192.0.2.3'],
    });
  });

  test('is found behind a URL that ends in a word for a version', () => {
    expectFound({
      'ip=%2F192.0.2.1 next=%2Fhosts%2F192.0.2.2': ['ip 192.0.2.1', 'ip 192.0.2.2'],
      'http://panel.example/v 192.0.2.1': ['url http://panel.example/v', 'ip 192.0.2.1'],
      'GET http://panel.example/firmware 192.0.2.1 200': ['url http://panel.example/firmware', 'ip 192.0.2.1'],
      '192.0.2.7 http://panel.example/build, firmware 192.0.2.1': ['ip 192.0.2.7', 'url http://panel.example/build'],
    });
  });

  test('is not a version, a range, or a piece of something longer', () => {
    expectNothing([
      'version 1.2.3.4 Version=1.2.3.4 "version": "1.2.3.4" v1.2.3.4 ver. 1.2.3.4',
      'Mozilla/5.0 Chrome/120.0.0.0 Safari/537.36',
      'ua=Mozilla%2F5.0%20(X11)%20Chrome%2F120.0.0.0%20Safari%2F537.36 ua=Chrome%2f120.0.0.0 ua=a+Chrome%2F120.0.0.0+b',
      'get foo-1.2.3.4 or foo-1.2.3.4.jar or foo_1.2.3.4',
      'see section 1.2.3.4 and firmware 1.2.3.4',
      '1[.]2[.]3[.]4[.]5 and 1.2.3.4[.]5 and 999[.]1[.]1[.]1',
      'net 192.0.2.0/24, 192[.]0[.]2[.]0/24. 192.0.2.0[/]24',
      'net 192.0.2.0/255.255.255.0 192.0.2.0/0.0.0.255 192.0.0.0/254.0.0.0 0.0.0.0/0.0.0.0',
      '1.2.0.192.in-addr.arpa',
      '192.0.2.1a 192.0.2.1_ é192.0.2.1 192.0.2.1-2',
      '64:ff9b::192.0.2.1 and 2001:db8::192.0.2.1',
      '192.0.2 .1 192 . 0 . 2 . 1',
      '0192.0.2.1 192.0.2.01 1192.0.2.1 192.0.2.1192',
    ]);
  });
});

test('an address behind the word IP needs no blank', () => {
  expectFound({
    '攻击者IP192.0.2.1:8080、IP192[.]0[.]2[.]2。': ['ip 192.0.2.1', 'ip 192.0.2.2'],
    'ip192.0.2.3 and IP192.0.2.4/a': ['ip 192.0.2.3', 'url 192.0.2.4/a'],
    'ip1.2.3.4.5 zip192.0.2.1': [],
  });
});

test('an address within a word is a number', () => {
  expectPassedOver('number', ['foo_192.0.2.1', 'é192.0.2.1', 'адрес192.0.2.1и192.0.2.2', '192.0.2.1a']);
});

test('an address of which a part is masked is a range', () => {
  expectPassedOver('range', ['192.0.2.xxx', '192.0.2.XXX:8080', '192[.]0[.]2[.]X', '192.0.x.x', 'from 192.0.xxx.xxx on']);
  expectFound({ 'Foo 2.x and 2.4.x': [], 'panel.xxx and 192.0.2.panel.xxx': ['domain panel.xxx', 'domain 192.0.2.panel.xxx'] });
});
