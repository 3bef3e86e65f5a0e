import { expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { parseList } from '../../../src/tracker/lists/list-detect.ts';
import { sampleSnapshotText } from '../../../src/tracker/snapshot/sample-snapshot.ts';
import { renderHome, renderTable } from '../../helpers/fake-pages.ts';

const ROW = { date: '02-03-2026', url: 'a.example/x', ip: '192.0.2.1', family: 'Pony' };
const table = (...rows: (typeof ROW)[]) => renderTable(rows, new URLSearchParams());

test.each([
  ['tab-separated text', 'date\turl\tip\tfamily\n02-03-2026\ta.example/x\t\t\n', '2026-03-02 url a.example/x'],
  ['the same with CRLF', 'date\turl\tip\tfamily\r\n02-03-2026\ta.example/x\t\t\r\n', '2026-03-02 url a.example/x'],
  ['a host list', 'Domain,Malware,Date added,Source\r\na.example,x,2026-03-02,y\r\n', '2026-03-02 host a.example'],
  ['a page of index.php', table(ROW), '2026-03-02 url a.example/x'],
  ['all.php', 'a.example/x\n', ' url a.example/x'],
  ['all.php with <br />', 'a.example/x<br />', ' url a.example/x'],
])('%s is detected by its content', (_what, text, expected) => {
  const { entries, date } = parseList(text, 'list');
  expect([entries.map((entry) => `${entry.date} ${entry.covers} ${entry.url}`), date]).toEqual([[expected], undefined]);
});

test('a snapshot is detected by its content, and has a date', () => {
  const { entries, date, notes } = parseList(sampleSnapshotText, 'sample.tsv');
  expect([entries.length, date, notes]).toEqual([8, '2018-01-31', []]);
});

const NO_TABLE = "list: the HTML page does not contain the tracker's table";
test.each([
  ['the home page', renderHome(), NO_TABLE],
  ['a challenge page', '<html><head><script>location="?__r=1"</script></head></html>', NO_TABLE],
  ['an error page', 'PHP Warning: x\n<html><body>a.example</body></html>', NO_TABLE],
  ['a page without rows', table(), 'list: no valid rows'],
  ['a header alone', 'date\turl\tip\tfamily', 'list: no valid rows'],
  ['a truncated page', table(ROW, ROW).split('</table>')[0] ?? '', 'list: the page is truncated: the table does not end'],
  [
    'a snapshot of another version',
    '# cct snapshot 9\n',
    'list: line 1: unsupported snapshot version "9"; this cct reads version 1',
  ],
])('%s is an error that names the file', (_what, text, message) => {
  expect(() => parseList(text, 'list')).toThrow(new CctError('input', message));
});
