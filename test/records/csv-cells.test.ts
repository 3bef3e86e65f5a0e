import { describe, expect, test } from 'vitest';
import { csv } from '../../src/records/csv.ts';
import { collect } from './collect-lines.ts';

const read = (text: string) => collect(csv, text, { name: 'a.csv' });

describe('every cell is read where the known columns name nothing', () => {
  const event =
    '"{""dest_ip"":""192.0.2.1"",""http"":{""hostname"":""a.example"",""url"":""/x""},""dns"":{""rrname"":""b.md""}}"';

  test.each([
    [
      'they are empty',
      'ClientIp,Uri,Details\n,,GET http://a.example/x from 192.0.2.1\n-,,',
      ['url http://a.example/x', 'ip 192.0.2.1'],
    ],
    ['they hold single words', 'HostName,Message\nfw1,drop 192.0.2.1', ['ip 192.0.2.1']],
    [
      'they name again and again what sent the record',
      `host,_raw\nlog.example,${event}\nlog.example,x`,
      ['domain log.example', 'ip 192.0.2.1', 'url http://a.example/x', 'domain b.md', 'domain log.example'],
    ],
  ])('%s', (_what, text, found) => {
    expect(read(text)).toMatchObject({ found, notes: [], error: undefined });
  });

  test('a column of files names none', () => {
    const all = read('Process Name,Details\nchcp.com,to 192.0.2.1\n http://a.example/b.pl,-');
    expect(all).toMatchObject({ found: ['ip 192.0.2.1', 'url http://a.example/b.pl'], passedOver: ['file name chcp.com'] });
  });

  test('a list of hosts with notes names them', () => {
    expect(read('host,family,note\na.md,x,see http://b.example/').found).toEqual(['domain a.md']);
  });

  test('an event in a cell is read by its fields, behind the header too', () => {
    expect(read(`a,b\nx,${event}`).found).toEqual(['ip 192.0.2.1', 'url http://a.example/x', 'domain b.md']);
    expect(read(`ip,b\n192.0.2.9,y,${event}`).found).toEqual([
      'ip 192.0.2.9',
      'ip 192.0.2.1',
      'url http://a.example/x',
      'domain b.md',
    ]);
    expect(read(`ip,request\n192.0.2.9,${event}`).found).toEqual([
      'ip 192.0.2.9',
      'ip 192.0.2.1',
      'url http://a.example/x',
      'domain b.md',
    ]);
    expect(read('a,b\nx,{a.example').found).toEqual(['domain a.example']);
  });
});

test.each([
  ['#\tIndicator\tType\n1\ta.example\tdomain', 'a column named #, with tabs'],
  ['#,Indicator,Type\n1,a.example,domain', 'a column named #, with commas'],
  ['#\tIndicator\tType\na.example\tdomain', 'a comment'],
  ['# Indicator\tType\na.example\tdomain', 'a comment behind a blank'],
  ['1,a.example,domain', 'none, and a row that holds a known name'],
])('%j has as its header %s', (text) => {
  expect(read(text)).toMatchObject({ found: ['domain a.example'], count: 1 });
});

test('a file name in a known column is passed over, unless its extension is a top-level domain', () => {
  expect(read('IOC,note\nsetup.exe,x\nInvoice.DOCX,x\na.example,x\nfile.zip,x\nhost.corp,x')).toMatchObject({
    found: ['domain a.example', 'domain file.zip', 'domain host.corp'],
    passedOver: ['file name setup.exe', 'file name Invoice.DOCX'],
  });
});

test('the addresses of senders, of one network and behind translation are known columns', () => {
  const header = 'URL,Sender IP,SenderIPv4,Internal IP,NAT Source IP,NAT Destination IP,FileOriginIP';
  const addresses = [1, 2, 3, 4, 5, 6].map((last) => `192.0.2.${last}`);
  const found = ['url http://a.example/', ...addresses.map((address) => `ip ${address}`)];
  expect(read(`${header}\nhttp://a.example/,${addresses.join(',')}`).found).toEqual(found);
});
