import type { Explanation } from '../verdicts.ts';
import { BUT_FOR_TIME, FOR_THE_TYPES } from './reasons.ts';

/** Of what keeps the list and finds in it. */
export const SNAPSHOTS: Readonly<Record<string, readonly Explanation[]>> = {
  'src/tracker/snapshot/matching.ts': [
    {
      survivors: [
        ['if (match.listing === undefined)', 'if (true)'],
        ['if (!byHost.has(host)) return null;', 'if (false) return null;'],
      ],
      why: BUT_FOR_TIME,
    },
    {
      survivors: [
        [
          "const match = merge(merge(exact, covering.get(host)), port === '' ? undefined : covering.get(`${host}:${port}`));",
          'const match = merge(merge(exact, covering.get(host)), false ? undefined : covering.get(`${host}:${port}`));',
        ],
        [
          "const match = merge(merge(exact, covering.get(host)), port === '' ? undefined : covering.get(`${host}:${port}`));",
          'const match = merge(merge(exact, covering.get(host)), port === "Stryker was here!" ? undefined : covering.get(`${host}:${port}`));',
        ],
      ],
      why: 'Equal: no entry lies at a host with a colon and no port.',
    },
    {
      survivors: [['count: first.count + second.count,', 'count: first.count - second.count,']],
      why: 'Equal: how many there are is told of addresses alone, which are never merged.',
    },
    {
      survivors: [
        ["if (ip !== '') add(byAddress, ip, entry);", 'if (true) add(byAddress, ip, entry);'],
        ["if (ip !== '') add(byAddress, ip, entry);", 'if (ip !== "Stryker was here!") add(byAddress, ip, entry);'],
        ["if (host === '') return;", 'if (false) return;'],
        ["if (host === '') return;", 'if (host === "Stryker was here!") return;'],
        ["if (port !== '') add(byHost, `${host}:${port}`, entry);", 'if (true) add(byHost, `${host}:${port}`, entry);'],
        [
          "if (port !== '') add(byHost, `${host}:${port}`, entry);",
          'if (port !== "Stryker was here!") add(byHost, `${host}:${port}`, entry);',
        ],
        [
          "else if (path !== '') add(byUrl, `${host}:${port}${path}`, entry);",
          'else if (true) add(byUrl, `${host}:${port}${path}`, entry);',
        ],
        [
          "else if (path !== '') add(byUrl, `${host}:${port}${path}`, entry);",
          'else if (path !== "Stryker was here!") add(byUrl, `${host}:${port}${path}`, entry);',
        ],
      ],
      why: 'Equal but for memory: no question leads to a place without an address, host, port or path.',
    },
    {
      survivors: [['return one < other ? one : other;', 'return one <= other ? one : other;']],
      why: 'Equal: of two dates that are the same, either is the earlier.',
    },
  ],
  'src/tracker/snapshot/snapshot-file.ts': [
    {
      survivors: [
        [
          "for (let at = header.lineCount; at < lines.length; at += 1) entries.push(parseRow(lines[at] ?? '', at + 1, days));",
          'for (let at = header.lineCount; at < lines.length; at += 1) entries.push(parseRow(lines[at] ?? "Stryker was here!", at + 1, days));',
        ],
        ["const [first = ''] = lines;", 'const [first = "Stryker was here!"] = lines;'],
        [
          "return { value: (lines[at] ?? '').slice(prefix.length).replace(/^ /, ''), line: at + 1 };",
          'return { value: (lines[at] ?? "Stryker was here!").slice(prefix.length).replace(/^ /, \'\'), line: at + 1 };',
        ],
        [
          "const [date = '', covers = '', url = '', ip = '', family = ''] = cells;",
          "const [date = \"Stryker was here!\", covers = '', url = '', ip = '', family = ''] = cells;",
        ],
        [
          "const [date = '', covers = '', url = '', ip = '', family = ''] = cells;",
          "const [date = '', covers = \"Stryker was here!\", url = '', ip = '', family = ''] = cells;",
        ],
        [
          "const [date = '', covers = '', url = '', ip = '', family = ''] = cells;",
          "const [date = '', covers = '', url = \"Stryker was here!\", ip = '', family = ''] = cells;",
        ],
        [
          "const [date = '', covers = '', url = '', ip = '', family = ''] = cells;",
          "const [date = '', covers = '', url = '', ip = \"Stryker was here!\", family = ''] = cells;",
        ],
        [
          "const [date = '', covers = '', url = '', ip = '', family = ''] = cells;",
          "const [date = '', covers = '', url = '', ip = '', family = \"Stryker was here!\"] = cells;",
        ],
      ],
      why: FOR_THE_TYPES,
    },
    {
      survivors: [
        [
          "const why = entries.length < header.entryCount ? '; it is truncated' : '';",
          "const why = entries.length <= header.entryCount ? '; it is truncated' : '';",
        ],
      ],
      why: 'Equal: they are not the same number here.',
    },
    {
      survivors: [
        ['if (!/^\\d{4}-\\d\\d-\\d\\d$/.test(text)) return false;', 'if (!/^\\d{4}-\\d\\d-\\d\\d/.test(text)) return false;'],
      ],
      why: 'Equal: what goes on behind a day is no moment.',
    },
    {
      survivors: [
        [
          "const lines = (text.includes('\\r\\n') ? text.replaceAll('\\r\\n', '\\n') : text).split('\\n');",
          "const lines = (text.includes(\"\") ? text.replaceAll('\\r\\n', '\\n') : text).split('\\n');",
        ],
        ["if (!cell.includes('\\\\')) return cell;", 'if (false) return cell;'],
        ["if (!cell.includes('\\\\')) return cell;", 'if (!cell.includes("")) return cell;'],
      ],
      why: BUT_FOR_TIME,
    },
  ],
};
