import { expect, test } from 'vitest';
import { refang } from '../../src/text/refang.ts';
import { defang } from '../../src/text/defanged.ts';

const table = {
  'http://panel.example/a.php?u=http://x.example': 'hxxp://panel[.]example/a.php?u=http://x.example',
  'HTTPS://panel.example': 'hxxpS://panel[.]example',
  'ftp://panel.example/': 'ftp://panel[.]example/',
  'panel.example/a.b': 'panel[.]example/a.b',
  '192.0.2.1': '192[.]0[.]2[.]1',
  'http://192.0.2.1:8080/x': 'hxxp://192[.]0[.]2[.]1:8080/x',
  'panel.example?a.b': 'panel[.]example?a.b',
  'panel.example#a.b': 'panel[.]example#a.b',
  'http://user:pw@panel.example/': 'hxxp://user:pw@panel[.]example/',
  '': '',
};

test('scheme and host are defanged, what follows is left alone', () => {
  expect(Object.fromEntries(Object.keys(table).map((value) => [value, defang(value)]))).toEqual(table);
});

test('what is defanged can be given back as input', () => {
  const values = ['http://panel.example/a.php?u=http://x.example', 'https://192.0.2.1:8080/x', '192.0.2.1'];
  expect(values.map((value) => refang(defang(value)))).toEqual(values);
});
