import { describe, expect, test } from 'vitest';
import { csv } from '../../src/records/csv.ts';
import { collect, recognise } from './collect-lines.ts';

const read = (text: string, columns: string[] = [], size = 1000) => collect(csv, text, { name: 'a.csv', columns, size });

describe('a csv', () => {
  test.each([
    ['type,value', 'csv'],
    ['value;type\nx;y', 'csv'],
    ['a|TYPE|Value', 'csv'],
    [' type\tvalue ', 'csv'],
    ['"type" , "value"', 'csv'],
    ['sep=;\nindicator_type;indicator', 'csv'],
    ['Time,Dest IP,Note\n1,192.0.2.1,"a, b"', 'csv'],
    ['# a feed\n# first_seen,ip,port\n2026-11-01,192.0.2.1,80', 'csv'],
    ['# a feed\nfirst_seen,dst_ip\n2026-11-01,192.0.2.1', 'csv'],
    ['', undefined],
    ['type', undefined],
    ['ip\n192.0.2.1', undefined],
    ['type value', undefined],
    ['types,values', undefined],
    ['type;b,value', undefined],
    ['xtype,value', undefined],
    ['constructor,__proto__', undefined],
    ['192.0.2.1,first\n192.0.2.2,second', undefined],
    ['10.1.2.3,http://panel.example/cp.php?m=login,allowed', undefined],
    ['Host, domain\nand so on it went.\nAnother line, with, commas', undefined],
    ['Sightings of the domain, the host and the URL follow.', undefined],
    ['| IP | Note |\n|---|---|\n| 192.0.2.1 | x |', undefined],
    [`url,${'a long sentence '.repeat(10)}`, undefined],
  ])('is told by its header: %j', (text, title) => {
    expect(recognise(csv, text)).toBe(title);
  });

  test('is told by its name or a chosen column', () => {
    for (const name of ['a.csv', 'A.TSV']) expect(recognise(csv, 'x', name)).toBe('csv');
    expect(recognise(csv, 'x', 'stdin', { columns: ['x'], fields: [] })).toBe('csv');
  });
});

describe('known columns', () => {
  test.each([
    ['Time,Dest IP,URL\n1,192.0.2.1,http://a.example/', ['ip 192.0.2.1', 'url http://a.example/'], 'columns Dest IP and URL'],
    [
      'src_ip;dst;Host\n10.0.0.5;2001:db8::1;a.example',
      ['ip 10.0.0.5', 'ipv6 2001:db8::1', 'domain a.example'],
      'columns src_ip, dst and Host',
    ],
    [
      'x\tIndicator\n192.0.2.9\ta[.]example',
      ['domain a.example'],
      'column Indicator; the column x holds observables too: name all with --column',
    ],
    ['ip,note\n"192.0.2.1, 192.0.2.2\n192.0.2.3",x', ['ip 192.0.2.1', 'ip 192.0.2.2', 'ip 192.0.2.3'], 'column ip'],
    ['ip,note\n-,x\n,y\nnone,z\n192.0.2.1', ['ip 192.0.2.1'], 'column ip'],
    ['type,indicator\n,192.0.2.1', ['ip 192.0.2.1'], 'column indicator'],
    ['host,QueryResults,method\n-,type: 5 a.example;,GET', ['domain a.example'], 'columns host and QueryResults'],
    ['type,indicator\nbotnet,192.0.2.1', ['ip 192.0.2.1'], 'column indicator'],
    ['host,uri\na.example,/x', ['url http://a.example/x'], 'columns host and uri'],
    [
      'host,site,uri_path,uri_query\nlog.example,a.example,/x,y=1',
      ['domain log.example', 'url http://a.example/x?y=1'],
      'columns host and site',
    ],
    ['# a feed\n#\n# first_seen,ip,port\n2026-11-01,192.0.2.1,80\n# 192.0.2.2,end', ['ip 192.0.2.1'], 'column ip'],
    ['# "first_seen","dst_ip"\n"2026-11-01","192.0.2.1"', ['ip 192.0.2.1'], 'column dst_ip'],
    ['"x","Dest\nIP"\n1,192.0.2.1', ['ip 192.0.2.1'], 'column Dest IP'],
    [
      'source.ip,dns.question.name,result.dest_ip\n10.0.0.5,a.md,192.0.2.1',
      ['ip 10.0.0.5', 'domain a.md', 'ip 192.0.2.1'],
      'columns source.ip, dns.question.name and result.dest_ip',
    ],
  ])('of %j', (text, found, columns) => {
    for (const size of [1, 2, 1000]) {
      expect(read(text, [], size)).toMatchObject({ found, notes: [`read the ${columns}`], error: undefined });
    }
  });

  test.each([
    ['every cell without any', 'a,b\n192.0.2.1,see http://a.example/\n', ['ip 192.0.2.1', 'url http://a.example/']],
    ['the first row too without a header', '192.0.2.1,first\n192.0.2.2,second\n', ['ip 192.0.2.1', 'ip 192.0.2.2']],
    ['a first row of data that ends as names of fields do', 'a.link,x\nb.example,y\n', ['domain a.link', 'domain b.example']],
    ['a row of prototypes', 'constructor,__proto__\n192.0.2.1,x\n', ['ip 192.0.2.1']],
  ])('are %s', (_what, text, found) => {
    expect(read(text)).toMatchObject({ found, notes: [] });
  });
});

describe('cells behind the last name of the header are text', () => {
  test.each([
    ['url,ip\nhttp://a.example/a,b?x=1,192.0.2.1', ['url http://a.example/a', 'ip 192.0.2.1'], []],
    ['ip,note\n192.0.2.1,x,see 192.0.2.2,http://a.example/', ['ip 192.0.2.1', 'ip 192.0.2.2', 'url http://a.example/'], []],
    ['type,value\nip,192.0.2.1,from a.example,', ['ip 192.0.2.1', 'domain a.example'], []],
    ['x,y\n1,2,192.0.2.1', ['ip 192.0.2.1'], []],
    ['ip,note\n192.0.2.1,x,192.0.2.2', ['ip 192.0.2.1'], ['ip']],
  ])('%j', (text, found, columns) => {
    expect(read(text, columns).found).toEqual(found);
  });
});

describe('a column of versions holds no addresses', () => {
  test.each([
    ['Name,Firmware Version,Kernel\na,192.0.2.1,192.0.2.2', [], []],
    ['ticket,Version,Notes,agent version\nA,192.0.2.1,see a.example,192.0.2.2', ['domain a.example'], []],
    [
      'ip,OS Build,x\n198.51.100.1,192.0.2.1,y\n198.51.100.2,192.0.2.2,z',
      ['ip 198.51.100.1', 'ip 198.51.100.2'],
      ['read the column ip'],
    ],
  ])('%j', (text, found, notes) => {
    const result = read(text);
    expect(result).toMatchObject({ found, notes });
    if (notes.length === 0) expect(result.passedOver).toEqual(['version 192.0.2.1', 'version 192.0.2.2']);
  });
});

describe('a cell with a URL', () => {
  const several = ['url http://a.example/1', 'url http://b.example/2'];

  test.each([', ', ',', '; ', ';', ' ', ' | ', '|', '\n', '\r\n', '\t', ' and '])('and another behind %j', (mark) => {
    const cell = `"http://a.example/1${mark}http://b.example/2"`;
    expect(read(`x,url\n1,${cell}`).found).toEqual(several);
    expect(read(`x,y\n1,${cell}`, ['2']).found).toEqual(several);
    expect(read(`x,host,url\n1,a.example,${cell}`).found).toEqual(several);
    const defanged = cell.replaceAll('http', 'hxxp').replaceAll('.', '[.]');
    expect(read(`x,url\n1,${defanged}`).found).toEqual(several);
  });

  test.each([
    ...[
      ' (Emotet C2)',
      ' - Emotet',
      '</a>',
      '"">',
      '\u0007x',
      ' Emotet/Epoch1',
      ' and/or setup.exe',
      ' Win32/Trojan.Gen',
      ' HTTP/1.1',
    ],
  ])('and words: %j', (rest) => {
    const cell = `"http://a.example/1${rest}"`;
    expect(read(`x,url\n1,${cell}`).found).toEqual(['url http://a.example/1']);
    expect(read(`x,y\n1,${cell}`, ['2']).found).toEqual(['url http://a.example/1']);
  });

  test.each([
    ['b.example', 'domain b.example'],
    ['b.example/x/y.php', 'url b.example/x/y.php'],
  ])('and a name: %s', (name, found) => {
    expect(read(`x,url\n1,http://a.example/1 ${name}`).found).toEqual(['url http://a.example/1', found]);
  });

  test.each(['/?u=http://b.example/', '/http://b.example/', '/Web Panel/index.php', '/a@b/New Web Panel/', '/a b?c', '/x.'])(
    'alone: %s',
    (rest) => {
      expect(read(`x,url\n1,http://a.example${rest}`).found).toEqual([`url http://a.example${rest}`]);
    },
  );

  test('is literal beside its type', () => {
    const value = 'http://a.example/1, http://b.example/2';
    expect(read(`type,value\nurl,"${value}"`).found).toEqual([`url ${value}`]);
  });
});

describe('a first row that holds an observable is one of the others', () => {
  const found = ['domain a.example', 'url http://b.example/x'];
  test.each([
    ['C2: a[.]example,x\nsee http://b.example/x,y', found],
    ['alert,see a.example now\nalert,see http://b.example/x now', found],
    ['"a.example, http://b.example/x",foo\nbar,baz', found],
    ['user=bob\tdst=a.example\nuser=al\tdst=http://b.example/x', found],
    ['192.0.2.1 (C2),x\n192.0.2.2 (C2),y', ['ip 192.0.2.1', 'ip 192.0.2.2']],
    ['10.0.0.5:49152 -> 192.0.2.1:443,tcp', ['ip 10.0.0.5', 'ip 192.0.2.1']],
    ['# Fields: date time c-ip cs-host\n2026-11-01 00:00:00 192.0.2.1 a.example', ['ip 192.0.2.1', 'domain a.example']],
    ['ip,192.0.2.1\nurl,http://b.example/x', ['ip 192.0.2.1', 'url http://b.example/x']],
    ['domain,a.example\nurl,http://b.example/x', found],
  ])('%j', (text, expected) => {
    expect(read(text)).toMatchObject({ found: expected, notes: [] });
  });

  test.each([
    ['alert,see 192.0.2.1\nalert,192.0.2.2', '2', ['unknown see 192.0.2.1', 'ip 192.0.2.2']],
    ['ip,192.0.2.1\nip,192.0.2.2', '2', ['ip 192.0.2.1', 'ip 192.0.2.2']],
    ['domain,a.example\nip,192.0.2.2', '2', ['domain a.example', 'ip 192.0.2.2']],
    ['host.name,ip\na.example,192.0.2.2', '2', ['ip 192.0.2.2']],
  ])('with a chosen column: %j', (text, column, expected) => {
    expect(read(text, [column]).found).toEqual(expected);
  });

  test('a piece that is passed over is counted there too', () => {
    expect(read('block,192.0.2.0/24\nblock,198.51.100.0/24').passedOver).toEqual(['range 192.0.2.0/24', 'range 198.51.100.0/24']);
  });

  test('known names may end as domains do', () => {
    expect(read('host.name,source.ip,agent.id\na.example,192.0.2.1,x').found).toEqual(['domain a.example', 'ip 192.0.2.1']);
  });
});

describe('a column of types', () => {
  test.each([
    ['indicator,indicator_type\na.example,hostname', ['domain a.example']],
    [
      'ioc_value,ioc_type,threat_type\n192.0.2.1:80,ip:port,botnet_cc\nabc,sha256_hash,payload',
      ['ip 192.0.2.1', 'sha256_hash abc'],
    ],
    ['sep=;\nioc type;ioc\nIPv4;192.0.2.1', ['ip 192.0.2.1']],
    [`threat_type,ioc\n${'url,http://a.example/\n'.repeat(99)},192.0.2.1\nx,y`, undefined],
  ])('%.60j', (text, found) => {
    const result = read(text);
    if (found) expect(result.found).toEqual(found);
    else
      expect(result.error).toMatchObject({
        message:
          'a.csv:101: observable.type: expected a non-empty string. Correct the row, or read each cell as text with --input-format text',
      });
  });
});

describe('a chosen column', () => {
  test('has observables of the type that is seen in each', () => {
    const values = ['192.0.2.1', 'http://panel.example/x', 'panel.example/x', '192.0.2.1:8080/x', 'panel.example', '2001:db8::1'];
    const types = ['ip', 'url', 'url', 'url', 'domain', 'ipv6'];
    const text = `date;host\n${values.map((value) => `2026-01-02;${value}\n`).join('')}`;
    expect(read(text, ['host']).found).toEqual(values.map((value, at) => `${types[at] ?? ''} ${value}`));
  });

  test.each([
    ['has others as unknown', 'host\n999.1.1.1\nno such thing\n', ['host'], ['unknown 999.1.1.1', 'unknown no such thing']],
    ['is refanged', 'host\nhxxp://panel[.]example/\n', ['host'], ['url http://panel.example/']],
    ['is found in any case, also alone', 'HOST \n192.0.2.1\n', [' Host'], ['ip 192.0.2.1']],
    ['is found without blanks and dashes', 'dest-host\n192.0.2.1\n', ['Dest Host'], ['ip 192.0.2.1']],
    ['may have blank and missing cells', 'date,host\n1,\n2\n3, \n4,192.0.2.1\n', ['host'], ['ip 192.0.2.1']],
    ['is found by number', 'a,b\n192.0.2.1,192.0.2.2\n', ['2'], ['ip 192.0.2.2']],
    ['is found by a name of digits first', 'a,1\n192.0.2.1,192.0.2.2\n', ['1'], ['ip 192.0.2.2']],
    ['may be one of several', 'a,b,c\n192.0.2.1,x,192.0.2.2\n', ['c', '1', 'a'], ['ip 192.0.2.1', 'ip 192.0.2.2']],
    ['wins over type and value', 'type,value,x\nip,192.0.2.1,192.0.2.2\n', ['x'], ['ip 192.0.2.2']],
    ['needs no header', '192.0.2.1,a\n192.0.2.2,b\n', ['1'], ['ip 192.0.2.1', 'ip 192.0.2.2']],
  ])('%s', (_what, text, columns, found) => {
    expect(read(text, columns)).toMatchObject({ found, error: undefined });
  });

  test.each([['IP'], ['0'], ['3'], ['constructor']])('that is missing is named, with the others: %s', (column) => {
    const message = `a.csv:1: no column "${column}" (there are: date, host); use --column NAME, or --input-format text`;
    expect(read('date;host\n1;192.0.2.1\n', [column]).error).toMatchObject({ code: 'input', message });
  });
});
