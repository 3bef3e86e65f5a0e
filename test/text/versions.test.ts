import { describe, test } from 'vitest';
import { expectAllFound, expectPassedOver } from './tables.ts';

describe('a version', () => {
  test('is named in any of many languages, inflected or compounded', () => {
    expectPassedOver('version', [
      ...'version versions Version Releases FIRMWARE v ver vers rev OSVersion appVersion FileVersion fileversion BuildNumber'
        .split(' ')
        .map((word) => `${word} 1.2.3.4`),
      ...'Versionen Versionsnummer Dateiversion Abschnitt versión versiones versão versione versie versienummer versjon versio versiota'
        .split(' ')
        .map((word) => `${word}: 1.2.3.4`),
      ...'wersja wersji wersję verze verzi verzió verzija versiunea versija sürüm sürümü bản версия версии версию версией версії верзија'
        .split(' ')
        .map((word) => `${word} 1.2.3.4`),
      ...'έκδοση εκδόσεις إصدار الإصدار النسخة نسخه גרסה הגרסה संस्करण 版 版本號 版本号 バージョン 버전은 เวอร์ชัน'
        .split(' ')
        .map((word) => `${word} 1.2.3.4`),
      ...['版本为1.2.3.4', '版本是1.2.3.4', '该版本号1.2.3.4', 'バージョンは1.2.3.4です', '버전1.2.3.4'],
    ]);
  });

  test('stands behind a few words or a sign', () => {
    expectPassedOver('version', [
      ...['is', 'is now', 'number is', 'number:', 'no.', 'n°', 'nº', '→', '<', '<=', '≤', '(is)'].map(
        (words) => `version ${words} 1.2.3.4`,
      ),
      ...['before', 'prior to', 'up to', 'older than', 'earlier than', 'until'].map((words) => `versions ${words} 1.2.3.4`),
      ...['Версия файла: 1.2.3.4', 'версия программы 1.2.3.4', 'version du logiciel 1.2.3.4', 'wersja programu 1.2.3.4'],
      ...['foo==1.2.3.4', 'foo>=1.2.3.4', 'pip install foo[bar]~=1.2.3.4', '"foo==1.2.3.4"'],
    ]);
  });

  test('is compared with others, without a word for it', () => {
    expectPassedOver('version', [
      ...[
        'upgrade to 1.2.3.4',
        'Fixed in 1.2.3.4, 1.2.3.5 and later.',
        'patched in 1.2.3.4',
        'Foo was downgraded to 1.2.3.4',
        'Foo 1.2.3.4 and earlier',
        'Foo (1.2.3.4 or later)',
      ],
      ...['Foo 1.2.3.4, and prior versions', 'Foo 1.2.3.4 or newer.', '| Foo | 1.2.3.4 and below |'],
    ]);
    expectAllFound(
      ['ip 192.0.2.1'],
      [
        'first 192.0.2.1 and later a domain',
        'seen at 192.0.2.1 and earlier on',
        ...['updated to 192.0.2.1', 'seen in 192.0.2.1'],
        '192.0.2.1 and up to ten',
      ],
    );
  });

  test('is not told by part of a word, a flag or a verb', () => {
    expectAllFound(
      ['ip 192.0.2.1'],
      [
        ...[
          'DHCPRELEASE of 192.0.2.1',
          'ipconfig /release 192.0.2.1',
          'conversion 192.0.2.1',
          'Inversions: 192.0.2.1',
          'subversion 192.0.2.1',
        ],
        ...[
          'intersection 192.0.2.1',
          'rebuild 192.0.2.1',
          'a new version to 192.0.2.1',
          'firmware from 192.0.2.1',
          'firmware and 192.0.2.1',
        ],
        ...[
          'ip.src==192.0.2.1',
          'RemoteIP == "192.0.2.1"',
          'dest_ip!=192.0.2.1',
          'a=192.0.2.1',
          'revenue 192.0.2.1',
          '该版本的C2为192.0.2.1',
        ],
      ],
    );
  });
});

test('the revision of a browser and the version of a platform are versions', () => {
  expectPassedOver('version', [
    'Mozilla/5.0 (Windows; U; rv:1.9.2.15) Gecko/20110303',
    'cpe:2.3:a:vendor:product:1.2.3.4:*:*:*:*:*:*:*',
    'cpe:/a:vendor:product:1.2.3.4',
  ]);
  expectAllFound(['ip 192.0.2.1'], ['SRV:192.0.2.1', 'cpe is a:b:c:192.0.2.1', 'x cpe:2.3:a:b:c:d e:192.0.2.1']);
});
