import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import { csv } from '../../src/records/csv.ts';
import { CORRECT_ROW } from '../../src/records/way-out.ts';
import { collect, createReading } from './collect-lines.ts';

const read = (text: string, options?: Parameters<typeof collect>[2]) => collect(csv, text, { name: 'a.csv', ...options });

describe('the columns type and value', () => {
  test.each([',', ';', '\t', '|'])('are read with %j between them', (delimiter) => {
    const lines = [
      ['note', 'Type', 'VALUE'],
      ['x', 'ip', '192.0.2.1'],
      ['', 'url', 'http://panel.example/'],
    ];
    const text = lines.map((cells) => `${cells.join(delimiter)}\r\n`).join('');
    expect(read(text)).toMatchObject({ found: ['ip 192.0.2.1', 'url http://panel.example/'], notes: [], count: 2 });
  });

  test.each([
    ['quotes', 'ip,192.0.2.1,\n"url","http://panel.example/?a=1,2","said ""x""\nand y"\n'],
    ['blanks around cells', ' ip , 192.0.2.1 \n"url" ,  "http://panel.example/?a=1,2"\n'],
    ['empty lines, and cells to spare', '\nip,192.0.2.1,more,and more\n \nurl,"http://panel.example/?a=1,2"\n\n'],
    ['line breaks of two kinds', 'ip,192.0.2.1\r\nurl,"http://panel.example/?a=1,2"\n'],
    ['line breaks of old Macs', 'ip,192.0.2.1\rurl,"http://panel.example/?a=1,2"\r'],
    ['no line break at the end', 'ip,192.0.2.1\nurl,"http://panel.example/?a=1,2"'],
    ['defanged values', 'ip,192[.]0[.]2[.]1\nurl,"hxxp://panel[.]example/?a=1,2"\n'],
    ['text behind a quote', 'ip,192.0.2.1,"a"b\nurl , "http://panel.example/?a=1,2" ,"c" d\n'],
    ['quotes as Python writes them', 'ip,192.0.2.1,"a \\"b\\", c"\nurl,"http://panel.example/?a=1,2","\\"d,\ne\\" f"\n'],
    ['empty cells', 'ip,192.0.2.1,""\n"url","http://panel.example/?a=1,2",\n'],
    ['a quote in a cell', 'ip,192.0.2.1,5" disk\nurl,"http://panel.example/?a=1,2","a\nb"\n'],
  ])('are read from text with %s, in blocks of any size', (_what, rows) => {
    for (const size of [1, 2, 3, 1000]) {
      const { found, error } = read(`type,value,note\n${rows}`, { size });
      expect({ found, error }).toEqual({ found: ['ip 192.0.2.1', 'url http://panel.example/?a=1,2'], error: undefined });
    }
  });

  test.each([
    ['ipv4-addr', '192.0.2.1', 'ip 192.0.2.1'],
    ['IP Address', '192.0.2.1', 'ip 192.0.2.1'],
    ['ip_dst', '2001:db8::1', 'ipv6 2001:db8::1'],
    ['ip:port', '192.0.2.1:443', 'ip 192.0.2.1'],
    ['ip-dst|port', '192.0.2.1|443', 'ip 192.0.2.1'],
    ['IPv4-Port', '192.0.2.1:443', 'ip 192.0.2.1'],
    ['ip:port', '[2001:db8::1]:443', 'ipv6 2001:db8::1'],
    ['ip:port', '2001:db8::1', 'ipv6 2001:db8::1'],
    ['ip:port', '2001:db8:1:2:3:4:5:6:443', 'ipv6 2001:db8:1:2:3:4:5:6'],
    ['ip-dst|port', '2001:db8::1|443', 'ipv6 2001:db8::1'],
    ['URI', 'http://a.example/', 'url http://a.example/'],
    ['link', 'a.example/x', 'url a.example/x'],
    ['URL/URI', 'a.example/x', 'url a.example/x'],
    ['Fully Qualified Domain Name', 'a.example', 'domain a.example'],
    ['InternetDomainName', 'a.example', 'domain a.example'],
    ['hostname:port', 'a.example:80', 'domain a.example'],
    ['host:port', 'a.example:8080', 'url a.example:8080'],
    ['Domain-Name', 'a[.]example', 'domain a.example'],
    ['hostname', 'a.example', 'domain a.example'],
    ['SHA256', 'abc', 'SHA256 abc'],
    ['md5_hash', 'abc', 'md5_hash abc'],
    ['Filename', 'x.example', 'Filename x.example'],
    ['Version', '192.0.2.1', 'Version 192.0.2.1'],
    ['file_version', '192.0.2.1', 'file_version 192.0.2.1'],
    ['constructor', 'abc', 'constructor abc'],
    ['__proto__', 'abc', '__proto__ abc'],
  ])('know the type %s', (type, value, expected) => {
    for (const header of ['type;value', 'ioc;ioc_type'].slice(0, /^[c_]/.test(type) ? 1 : 2)) {
      const [first, second] = header.startsWith('type') ? [type, value] : [value, type];
      expect(read(`${header}\n"${first}";${second}`).found).toEqual([expected]);
    }
  });

  test('take joined values apart', () => {
    expect(read('type,value\ndomain|ip,a.example|192.0.2.1\nhostname|port,b.example|80\n').found).toEqual([
      'domain a.example',
      'ip 192.0.2.1',
      'domain b.example',
    ]);
  });

  test('are passed over where both cells are empty', () => {
    expect(read('type,value,note\nip,192.0.2.1,\n,,\n,," "\nip,192.0.2.2,\n,,').found).toEqual(['ip 192.0.2.1', 'ip 192.0.2.2']);
  });

  test.each([
    ['host,192.0.2.1', ['ip 192.0.2.1']],
    ['ip,192.0.2.1/32', ['ip 192.0.2.1']],
    ['ip,"192.0.2.1, 192.0.2.2; 192.0.2.3"', ['ip 192.0.2.1', 'ip 192.0.2.2', 'ip 192.0.2.3']],
    ['domain,*.a.example', ['domain a.example']],
    ['domain,http://a.example', ['url http://a.example']],
    ['domain,a.example/x', ['url a.example/x']],
    ['domain,"a.example\nb.example"', ['domain a.example', 'domain b.example']],
    ['domain,"=""a.example"""', ['domain a.example']],
    ['url,"http://a.example/x\nhttp://b.example/y"', ['url http://a.example/x', 'url http://b.example/y']],
    ['ip,192.0.2.0/24', ['ip 192.0.2.0/24']],
    ['uri,/gate.php', ['url /gate.php']],
    ['md5,a.example x', ['md5 a.example x']],
  ])('of a value that is invalid as its type are searched: %s', (row, found) => {
    expect(read(`type,value\n${row}`).found).toEqual(found);
  });

  test.each([
    ['type,value\nip,192.0.2.1\nip,\n', `3: observable.value: expected a non-empty string. ${CORRECT_ROW}`],
    ['type,value\nip\n', `2: observable.value: expected a non-empty string. ${CORRECT_ROW}`],
    ['type,value\n" ",192.0.2.1\n', `2: observable.type: expected a non-empty string. ${CORRECT_ROW}`],
    ['type,value,note\n\nip,192.0.2.1,"a\nb\n\nc"\n\nip,,\n', `8: observable.value: expected a non-empty string. ${CORRECT_ROW}`],
    ['# comment\r\rtype,value\rip,192.0.2.1\rip,\r', `5: observable.value: expected a non-empty string. ${CORRECT_ROW}`],
    ['type,value\nip,"192.0.2.1\n', '2: invalid CSV (a quote is never closed; read it as text with --input-format text)'],
    [
      'type,value\nip,192.0.2.1\nip,"192.0.2.1\nip,192.0.2.2\n',
      '3: invalid CSV (a quote is never closed; read it as text with --input-format text)',
    ],
    [`type,value\nip,"${'x'.repeat(17 * 1024 * 1024)}`, '2: invalid CSV (a record is longer than 16 MiB)'],
    [`type,value\nip,"${'xyz\n'.repeat(4 * 1024 * 1024 + 1000)}`, '2: invalid CSV (a record is longer than 16 MiB)'],
  ])('are refused, naming the line: %.40j', { timeout: 60_000 }, (text, message) => {
    const { error } = read(text);
    expect(error).toBeInstanceOf(CctError);
    expect(error).toMatchObject({ code: 'input', message: `a.csv:${message}` });
  });

  test('are read although the block before ends within a cell', () => {
    const { found, error } = read('type,value,note\nip,192.0.2.1,"a\nb"\nip,,', { size: 2 });
    expect(found).toEqual(['ip 192.0.2.1']);
    expect(error).toMatchObject({
      message: `a.csv:4: observable.value: expected a non-empty string. ${CORRECT_ROW}`,
    });
  });
});

test('a row leaves when its line is whole, and rows before an error leave before it', () => {
  const { reading, collected } = createReading('a.csv');
  const reader = csv.open(reading, { columns: [], fields: [] });
  const read1 = (line: number, ...lines: string[]) => {
    reader.read(lines, line);
    return collected.found.length;
  };
  expect(read1(1, 'type,value,note')).toBe(0);
  expect(read1(2, 'ip,192.0.2.1,')).toBe(1);
  expect(read1(3, 'ip,192.0.2.2,"a')).toBe(1);
  expect(read1(4, 'b"')).toBe(2);
  expect(() => read1(5, 'ip,192.0.2.3,', 'ip,"",')).toThrow('a.csv:6: observable.value: expected a non-empty string');
  expect(collected.found).toHaveLength(3);
});

test('a line break in a cell stays as it is', () => {
  expect(read('type,value\nnote,"a\nb"', { size: 2 }).found).toEqual(['note a\nb']);
});

describe('a line with # between rows is a comment, and within quotes it is text', () => {
  const text =
    '# feed\nurl,note\nhttp://a.example/x,"first\n# second"\n# "third\n\nhttp://b.example/y,z\n#\n #,"x"\nhttp://c.example/z,""';
  const found = ['url http://a.example/x', 'url http://b.example/y', 'url http://c.example/z'];

  test.each([1, 2, 3, 1000])('in blocks of %i lines', (size) => {
    expect(read(text, { size })).toMatchObject({ found, count: 4, error: undefined });
    const typed = '# feed\ntype,value\nnote,"a\n# b\n\n#c"\n# d\nip,';
    expect(read(typed, { size })).toMatchObject({
      found: ['note a\n# b\n\n#c'],
      error: { message: `a.csv:8: observable.value: expected a non-empty string. ${CORRECT_ROW}` },
    });
  });
});

describe('a backslash before a quote escapes it only if the row then ends properly', () => {
  test.each([
    ['"he said \\"hi\\" x"', 'he said "hi" x'],
    ['"C:\\temp\\"', 'C:\\temp\\'],
    ['"\\"a\\"", x', '"a"'],
    ['"\\"a\nb\\", c"', '"a\nb", c'],
    ['"{\\"a\\":\\"b \\\\\\"c\\\\\\" \\\\\\\\\\"}"', '{"a":"b \\"c\\" \\\\"}'],
    ['"a\\"" b"""', 'a\\" b"'],
    ['x\\\\y,"\\"z\\" "', 'x\\\\y'],
    ['"C:\\",5', 'C:\\'],
  ])('%s', (cell, value) => {
    const rows = [
      'type,value',
      'note,"he said \\"hi\\" x"',
      `note,${cell}`,
      'ip,192.0.2.2',
      'note,"C:\\temp\\"',
      'ip,"192.0.2.3"',
    ];
    const found = ['note he said "hi" x', `note ${value}`, 'ip 192.0.2.2', 'note C:\\temp\\', 'ip 192.0.2.3'];
    for (const size of [1, 2, 3, 1000]) expect(read(rows.join('\n'), { size })).toMatchObject({ found, error: undefined });
    const reversed = [rows[0], ...rows.slice(1).reverse()].join('\n');
    for (const size of [1, 2, 3, 1000])
      expect(read(reversed, { size })).toMatchObject({ found: found.toReversed(), error: undefined });
  });

  test.each([
    ['a cell that ends in one, at the end of the input', 'note,"x\\""', 'note x"'],
    ['a row that ends properly in neither way', 'note,"C:\\temp\\" x', 'note "C:\\temp\\" x'],
  ])('%s', (_what, row, expected) => {
    for (const size of [1, 1000]) {
      expect(read(`type,value\n${row}\nip,192.0.2.1`, { size }).error).toBeUndefined();
      expect(read(`type,value\n${row}`, { size })).toMatchObject({ found: [expected], error: undefined });
    }
  });
});

test('tabs around empty cells are no blanks', () => {
  expect(read('x\ttype\ty\tvalue\n\tip\t\t"192.0.2.1"\t\n""\tip\t \t192.0.2.2\n').found).toEqual([
    'ip 192.0.2.1',
    'ip 192.0.2.2',
  ]);
});

describe('any cells are read back from what csv-stringify writes', () => {
  const cell = fc.string({ unit: fc.constantFrom(...'ab",;\t|\n\\ #é'.split('')) }).map((text) => `x${text.trim()}x`);

  test.each([',', ';', '\t', '|'])('with %j between them', (delimiter) => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), fc.boolean(), fc.integer({ min: 1, max: 5 }), (cells, quoted, size) => {
        const rows = cells.map((value) => ['note', value, 'x"x']);
        const text = stringify([['type', 'value', 'x'], ...rows], { delimiter, quoted });
        const { found, error } = read(text, { size });
        expect({ found, error }).toEqual({ found: cells.map((value) => `note ${value}`), error: undefined });
      }),
    );
  });
});

test('no text makes it fail with anything but a refusal', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom(...'type,value ip"\\\r#;|\t=se'.split('')) })),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom([], ['1'], ['type']),
      (lines, size, columns) => {
        const { error } = read(lines.join('\n'), { size, columns });
        if (error !== undefined) expect(error).toBeInstanceOf(CctError);
      },
    ),
  );
});

test.each(['a line', '""', '\\"', '\\" a', '\\""', '"a" "b"'])(
  'a record of many lines that come one by one takes linear time: %s',
  (line) => {
    const start = performance.now();
    read(`type,value,note\nip,192.0.2.1,"${`\n${line}`.repeat(20_000)}`, { size: 1 });
    expect(performance.now() - start).toBeLessThan(5_000);
  },
);
