import type { Explanation } from '../verdicts.ts';
import { BUT_FOR_TIME, FOR_THE_TYPES } from './reasons.ts';

/** Of what reads lists. */
export const LISTS: Readonly<Record<string, readonly Explanation[]>> = {
  'src/tracker/lists/list-hosts.ts': [
    {
      survivors: [
        [
          "const line = typeof thrown['lines'] === 'number' ? `line ${thrown['lines']}: ` : '';",
          "const line = typeof thrown['lines'] === 'number' ? `line ${thrown['lines']}: ` : \"Stryker was here!\";",
        ],
        [
          "const line = typeof thrown['lines'] === 'number' ? `line ${thrown['lines']}: ` : '';",
          "const line = true ? `line ${thrown['lines']}: ` : '';",
        ],
      ],
      why: 'The reader of csv names the line of each error that this list can cause; it only does not promise to.',
    },
    {
      survivors: [['if (!(thrown instanceof CsvError)) throw thrown;', 'if (false) throw thrown;']],
      why: 'Nothing but a bug of the reader of csv throws anything else.',
    },
    {
      survivors: [
        [
          "const [domain = '', family = '', date = ''] = cells;",
          "const [domain = \"Stryker was here!\", family = '', date = ''] = cells;",
        ],
        [
          "const [domain = '', family = '', date = ''] = cells;",
          "const [domain = '', family = \"Stryker was here!\", date = ''] = cells;",
        ],
        [
          "const [domain = '', family = '', date = ''] = cells;",
          "const [domain = '', family = '', date = \"Stryker was here!\"] = cells;",
        ],
      ],
      why: FOR_THE_TYPES,
    },
  ],
  'src/tracker/lists/list-lines.ts': [
    {
      survivors: [
        [
          "return text.includes('\\n', end.length) || BREAK_AT_END.test(end.slice(-'<br />'.length));",
          "return text.includes('\\n', end.length) || BREAK_AT_END.test(end);",
        ],
        [
          "return text.includes('\\n', end.length) || BREAK_AT_END.test(end.slice(-'<br />'.length));",
          'return text.includes(\'\\n\', end.length) || BREAK_AT_END.test(end.slice(-"".length));',
        ],
      ],
      why: BUT_FOR_TIME,
    },
    {
      survivors: [
        [
          "if (!CONTROL_CHARACTER.test(url) && HOST.test(normaliseHost(host) ?? '')) {",
          'if (!CONTROL_CHARACTER.test(url) && HOST.test(normaliseHost(host) ?? "Stryker was here!")) {',
        ],
      ],
      why: 'Equal: either text is no host.',
    },
  ],
  'src/tracker/lists/list-reading.ts': [
    {
      survivors: [
        [
          "return entries.reduce((newest, { date }) => (date > newest ? date : newest), '');",
          "return entries.reduce((newest, { date }) => (date >= newest ? date : newest), '');",
        ],
      ],
      why: 'Equal: of two dates that are the same, either is the newest.',
    },
  ],
  'src/tracker/lists/list-tsv.ts': [
    {
      survivors: [
        [
          "const [header = '', ...rows] = text.split(/\\r?\\n/);",
          'const [header = "Stryker was here!", ...rows] = text.split(/\\r?\\n/);',
        ],
        [
          "const [date = '', url = '', ip = '', family = ''] = cells;",
          "const [date = \"Stryker was here!\", url = '', ip = '', family = ''] = cells;",
        ],
        [
          "const [date = '', url = '', ip = '', family = ''] = cells;",
          "const [date = '', url = \"Stryker was here!\", ip = '', family = ''] = cells;",
        ],
        [
          "const [date = '', url = '', ip = '', family = ''] = cells;",
          "const [date = '', url = '', ip = \"Stryker was here!\", family = ''] = cells;",
        ],
        [
          "const [date = '', url = '', ip = '', family = ''] = cells;",
          "const [date = '', url = '', ip = '', family = \"Stryker was here!\"] = cells;",
        ],
      ],
      why: FOR_THE_TYPES,
    },
  ],
  'src/tracker/lists/list-detect.ts': [
    {
      survivors: [
        [
          "const [firstLine = ''] = text.split(/\\r?\\n/, 1);",
          'const [firstLine = "Stryker was here!"] = text.split(/\\r?\\n/, 1);',
        ],
      ],
      why: FOR_THE_TYPES,
    },
  ],
  'src/tracker/lists/list-html.ts': [
    {
      survivors: [
        [
          "const [query = ''] = href.slice(at + LIST_LINK.length).split('#');",
          'const [query = "Stryker was here!"] = href.slice(at + LIST_LINK.length).split(\'#\');',
        ],
      ],
      why: FOR_THE_TYPES,
    },
    {
      survivors: [
        [
          'const table: Table = { header: null, rows: [], isWhole: false, lastOffset: 0 };',
          'const table: Table = { header: null, rows: [], isWhole: true, lastOffset: 0 };',
        ],
      ],
      why: 'Equal: without a header nobody asks, and the end of each table with one says which it is.',
    },
    {
      survivors: [
        [
          "onopentag(name, { class: classes = '', href = '' }) {",
          'onopentag(name, { class: classes = "Stryker was here!", href = \'\' }) {',
        ],
        [
          "onopentag(name, { class: classes = '', href = '' }) {",
          'onopentag(name, { class: classes = \'\', href = "Stryker was here!" }) {',
        ],
      ],
      why: 'Equal: the text is neither the class of the header nor a link to the list.',
    },
    {
      survivors: [['if (cell !== null) cell += piece;', 'if (true) cell += piece;']],
      why: 'Equal: a cell begins anew, and what stood before it is forgotten.',
    },
    {
      survivors: [['if (cell !== null) row?.cells.push(cell);', 'if (true) row?.cells.push(cell);']],
      why: 'Equal: each cell that ends in the table has begun in it.',
    },
    {
      survivors: [
        [
          'for (let at = 0; at < text.length; at += CHUNK_LENGTH) parser.write(text.slice(at, at + CHUNK_LENGTH));',
          'for (let at = 0; at <= text.length; at += CHUNK_LENGTH) parser.write(text.slice(at, at + CHUNK_LENGTH));',
        ],
        [
          'for (let at = 0; at < text.length; at += CHUNK_LENGTH) parser.write(text.slice(at, at + CHUNK_LENGTH));',
          'for (let at = 0; at < text.length; at += CHUNK_LENGTH) parser.write(text);',
        ],
        ['const CHUNK_LENGTH = 64 * 1024;', 'const CHUNK_LENGTH = 64 / 1024;'],
      ],
      why: 'Equal but for time and memory: nothing is written at the end, or the parser is given more, or less, at once; past the table it passes over the rest.',
    },
    {
      survivors: [
        [
          "for (; next !== -1 && next < at; next = text.indexOf('\\n', next + 1)) [number, start] = [number + 1, next + 1];",
          "for (; next !== -1 && next <= at; next = text.indexOf('\\n', next + 1)) [number, start] = [number + 1, next + 1];",
        ],
      ],
      why: 'Equal: no tag begins where a line ends.',
    },
    {
      survivors: [
        ["if (!text.includes('<')) return false;", 'if (false) return false;'],
        ["if (!text.includes('<')) return false;", 'if (!text.includes("")) return false;'],
        ['if (start === lookedAt) return;', 'if (false) return;'],
      ],
      why: BUT_FOR_TIME,
    },
  ],
};
