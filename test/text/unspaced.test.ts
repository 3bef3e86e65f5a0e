import { describe, test } from 'vitest';
import { expectAllFound, expectFound, expectPassedOver } from './tables.ts';

describe('words without blanks', () => {
  test('may touch an address', () => {
    expectAllFound(
      ['ip 192.0.2.1'],
      [
        ...[
          'IP为192.0.2.1',
          'C2地址为192.0.2.1',
          '解析IP为192[.]0[.]2[.]1的域名',
          '192.0.2.1を',
          'C2サーバー192.0.2.1に接続',
          '서버192.0.2.1에서',
        ],
        ...['ที่192.0.2.1และ', 'เซิร์ฟเวอร์192.0.2.1', 'ទៅ192.0.2.1', '地址192.0.2.1:8080端口', '192.0.2.1/24的'],
        ...['сервер192.0.2.1', '192.0.2.1и', 'на192.0.2.1и', 'على192.0.2.1'],
      ],
    );
  });

  test('may stand between two values', () => {
    expectAllFound(
      ['ip 192.0.2.1', 'ip 198.51.100.7'],
      ['192.0.2.1和198.51.100.7', '192.0.2.1から198.51.100.7へ', '192.0.2.1에서198.51.100.7로', '192.0.2.1และ198.51.100.7'],
    );
    expectAllFound(
      ['domain panel.example', 'domain drop.example'],
      ['panel[.]example和drop[.]example', 'panel.example及drop.example', '域名为panel.example和drop.example的样本'],
    );
    expectFound({
      'panel.example的IP是192.0.2.1': ['domain panel.example', 'ip 192.0.2.1'],
      'example.com和192.0.2.1': ['domain example.com', 'ip 192.0.2.1'],
      'setup.exe和example.com': ['domain example.com'],
    });
  });

  test('may touch a name or a URL', () => {
    expectAllFound(
      ['domain panel.example'],
      [
        ...['C2域名panel.example', 'APT组织使用panel[.]example作为C2', 'C2サーバはpanel.exampleです', 'コーヒーpanel.example'],
        ...['C2서버panel.example에', 'เซิร์ฟเวอร์panel.exampleที่', '域名panel.example.的'],
      ],
    );
    expectFound({
      '样本回连C2服务器panel.example/gate.php': ['url panel.example/gate.php'],
      'http://panel.example下载': ['url http://panel.example'],
      'hxxp://panel[.]exampleに接続': ['url http://panel.example'],
      'http://user@panel.example:8080下载': ['url http://user@panel.example:8080'],
      'http://panel.example和http://192.0.2.1和198.51.100.7': [
        ...['url http://panel.example', 'url http://192.0.2.1', 'ip 198.51.100.7'],
      ],
    });
  });

  test('are a label where the whole label is of them, or nothing ends before them', () => {
    expectFound({
      '例子.example': ['domain 例子.example'],
      'ドメイン.example': ['domain ドメイン.example'],
      'www.例子.example': ['domain www.例子.example'],
      '例2.example': ['domain 例2.example'],
      'www.qq邮箱.example': ['domain www.qq邮箱.example'],
      'http://www.例子.example/a': ['url http://www.例子.example/a'],
      'http://例子abc.example': ['url http://例子abc.example'],
      'почта.example': ['domain почта.example'],
    });
  });

  test('may be emoji: a name may begin with one or contain one, but not end with one', () => {
    expectAllFound(
      ['domain panel.example', 'ip 192.0.2.1'],
      [
        ...[
          'panel.example👈 192.0.2.1🔥',
          '👉panel.example👈 👉192.0.2.1👈',
          'panel.example➡️192.0.2.1',
          '✅panel[.]example✅192[.]0[.]2[.]1✅',
        ],
        ...['👍🏻panel.example👍🏻, ⚠️192.0.2.1⚠️.', 'panel.example❤️. 192.0.2.1:443🔥'],
      ],
    );
    expectFound({
      'panel.example🔥drop.example🔥': ['domain panel.example', 'domain drop.example'],
      'почта.example🔥': ['domain почта.example'],
      'panel.exam\u00ADple 192.0.2.1\u00AD0': ['domain panel.example', 'ip 192.0.2.10'],
      '💩.example i❤.example www.i❤.example': ['domain 💩.example', 'domain i❤.example', 'domain www.i❤.example'],
    });
  });

  test('may follow a range', () => {
    expectPassedOver('range', ['192.0.2.0/24的', '192.0.2.0/24から', '192.0.2.0/24และ', '192.0.2.0/24-']);
  });
});
