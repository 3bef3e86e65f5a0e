import { expect, test } from 'vitest';
import { text } from '../../src/records/text.ts';
import { collect } from './collect-lines.ts';

test.each([
  ['hxxp://panel[.]\nexample/d12/cp.php', ['url http://panel.example/d12/cp.php']],
  ['see evil[.]\n  example for it', ['domain evil.example']],
  ['hxxp://\npanel[.]example/a', ['url http://panel.example/a']],
  ['192[.]0[.]2[.]\n1', ['ip 192.0.2.1']],
  ['a[.]\nb[.]\nexample', ['domain a.b.example']],
  ['panel[.]example\n192.0.2.1', ['domain panel.example', 'ip 192.0.2.1']],
  ['panel[.]', []],
  ['It ends.\n192.0.2.1', ['ip 192.0.2.1']],
])('a value that breaks where it was defanged goes on in the next line: %j', (report, wanted) => {
  for (const size of [undefined, 1]) expect(collect(text, report, size === undefined ? {} : { size }).found).toEqual(wanted);
});
