import { describe, expect, test } from 'vitest';
import { createCsvFormat } from '../../src/cli/output/csv.ts';
import { csv } from '../../src/records/csv.ts';
import { OBSERVABLES, toRow } from '../documents/hostile.ts';
import { collect } from './collect-lines.ts';

const read = (text: string) => collect(csv, text, { name: 'a.csv' });

describe('a csv of cct', () => {
  test.each([false, true])('is read as the observables were; defanged: %j', (isDefanged) => {
    const format = createCsvFormat({ isDefanged });
    const text = OBSERVABLES.map((observable) => format.add([toRow(observable, '=1')])).join('');
    // Schemes lose their capitals when they are defanged.
    const named = OBSERVABLES.map(({ type, value }) => `${type} ${isDefanged ? value.replace(/^HTTPS/, 'https') : value}`);
    expect(read(text)).toMatchObject({ found: named, error: undefined });
  });

  test.each([
    [";'=1", ';=1'],
    [";''=1", ";'=1"],
    ["a;''=1", "a;'=1"],
    ["'=1", '=1'],
    ["''=1", "'=1"],
    ["it's;'b", "it's;'b"],
  ])('is read without the quote that guards a formula: %s', (cell, value) => {
    const header = 'type,value,status,reason,source,answered_at\n';
    expect(read(`${header}x,${cell},listed,,live,\n`).found).toEqual([`x ${value}`]);
  });

  test('is no csv of another tool, whose quotes are its own, and whose paths may be defanged', () => {
    expect(read("type,value,status\nurl,http://panel.example/;'=1,x\nurl,hxxp://panel[.]example/a[.]b,x\n").found).toEqual([
      "url http://panel.example/;'=1",
      'url http://panel.example/a.b',
    ]);
  });
});
