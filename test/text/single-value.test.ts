import { expect, test } from 'vitest';
import { toSingleValue } from '../../src/text/single-value.ts';

const describe1 = (word: string) => {
  const found = toSingleValue(word);
  return found && `${found.type} ${found.value}`;
};

test.each([
  ['192.0.2.1', 'ip 192.0.2.1'],
  ['192[.]0.2.1', 'ip 192.0.2.1'],
  ['192.0.2.1:8080', 'ip 192.0.2.1'],
  ['192.0.2.1:8080/x', 'url 192.0.2.1:8080/x'],
  ['192.0.2.1:8080/tcp', 'ip 192.0.2.1'],
  ['192.0.2.1/53/udp', 'ip 192.0.2.1'],
  ['192.0.2.1/ICMP', 'ip 192.0.2.1'],
  ['192.0.2.1/tcp/x', 'url 192.0.2.1/tcp/x'],
  ['::ffff:192.0.2.1', 'ip 192.0.2.1'],
  ['2001:db8::1', 'ipv6 2001:db8::1'],
  ['[2001:db8::1]:443', 'ipv6 2001:db8::1'],
  ['panel.example', 'domain panel.example'],
  ['Panel.Example', 'domain Panel.Example'],
  ['com.panel.example', 'domain com.panel.example'],
  ['panel[.]example', 'domain panel.example'],
  ['panel.example:443', 'domain panel.example'],
  ['panel.example:8443', 'url panel.example:8443'],
  ['panel.example/x', 'url panel.example/x'],
  ['hxxp://panel[.]example/x', 'url http://panel.example/x'],
  ['http://panel.example/a,b)', 'url http://panel.example/a,b)'],
  ['http://localhost/x', 'url http://localhost/x'],
  ['ftp://iocs.zip', 'url ftp://iocs.zip'],
  ['iocs[.]zip', 'domain iocs.zip'],
  ['iocs.zip:8443', 'url iocs.zip:8443'],
  ['iocs.zip:443', 'domain iocs.zip'],
  ['www.update.zip/a', 'url www.update.zip/a'],
  ['bücher.example', 'domain bücher.example'],
  [' panel.example ', 'domain panel.example'],
  ['panel.example.', 'domain panel.example'],
  ['[2001:db8::1]', 'ipv6 2001:db8::1'],
])('%j is a value: %s', (word, value) => {
  expect(describe1(word)).toBe(value);
});

test.each([
  ...[
    'iocs.zip',
    'iocs.zip.',
    '*.iocs.zip',
    '*.',
    '.',
    'IOCS.ZIP',
    'dump.py',
    'www.iocs.zip',
    'run.sh',
    'notes.md',
    'list.pl',
    'main.rs',
    'setup.exe',
    'report[.]txt',
  ],
  ...[
    'not-a-file',
    'report',
    'report.txt',
    'reports/iocs.txt',
    'results.old/x.txt',
    './panel.example',
    '../192.0.2.1',
    '/192.0.2.1',
  ],
  ...[
    '192.0.2.0/24',
    '192.0.2.0/0.0.0.255',
    '192.0.0.0/254.0.0.0',
    '1.2.3',
    'user@panel.example',
    'C:\\panel.example',
    'C://panel.example',
    'file:///panel.example',
    'e.g',
    'a b',
  ],
  ...['', ' ', '.', '..', '-', 'http://', 'panel.draft', 'panel..example', '*.panel.example', 'panel.example\nreport.txt'],
])('%j may be a file, and is no value', (word) => {
  expect(describe1(word)).toBeUndefined();
});
