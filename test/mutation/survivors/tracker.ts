import type { Explanation } from '../verdicts.ts';
import { BUT_FOR_TIME, FOR_THE_TYPES } from './reasons.ts';

/** Of the rest of the tracker that reads and judges. */
export const TRACKER: Readonly<Record<string, readonly Explanation[]>> = {
  'src/tracker/snapshot.ts': [
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
  'src/tracker/snapshot-file.ts': [
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
          "const why = entries.length < header.entryCount ? ': the file is cut' : '';",
          "const why = entries.length <= header.entryCount ? ': the file is cut' : '';",
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
  'src/tracker/stored-answer.ts': [
    {
      survivors: [
        [
          "answer.status === 'listed' ? { message: answer.message, family: answer.family, first_listed: answer.firstListed } : {};",
          'true ? { message: answer.message, family: answer.family, first_listed: answer.firstListed } : {};',
        ],
      ],
      why: 'Equal: an answer that is not listed has none of these, and JSON leaves out what is undefined.',
    },
  ],
  'src/tracker/failures.ts': [
    {
      survivors: [["const code = systemCodeOf(thrown) ?? '';", 'const code = systemCodeOf(thrown) ?? "Stryker was here!";']],
      why: 'Equal: the text is no code.',
    },
    {
      survivors: [
        [
          "const said = thrown instanceof Error ? thrown.message.replace(/^.*reason: /s, '') : String(thrown);",
          "const said = thrown instanceof Error ? thrown.message.replace(/.*reason: /s, '') : String(thrown);",
        ],
      ],
      why: BUT_FOR_TIME,
    },
    {
      survivors: [
        [
          'const atMs = Date.parse(date[1] === undefined ? `${date[0]} GMT` : date[0]);',
          'const atMs = Date.parse(true ? `${date[0]} GMT` : date[0]);',
        ],
      ],
      why: 'Equal: a date that says GMT twice is the same.',
    },
  ],
  'src/tracker/fallback.ts': [
    {
      survivors: [
        [
          "if (!reserve || answer?.status !== 'listed') throw failure;",
          "if (!reserve || answer.status !== 'listed') throw failure;",
        ],
      ],
      why: 'Equal: with a reserve there is an answer.',
    },
    {
      survivors: [
        [
          'return { signal: new AbortController().signal, isOver: () => false };',
          'return { signal: new AbortController().signal, isOver: () => undefined };',
        ],
      ],
      why: 'Equal: nothing is as little over as false.',
    },
  ],
  'src/tracker/once.ts': [
    {
      survivors: [['if (first !== undefined) known.delete(first);', 'if (true) known.delete(first);']],
      why: 'Only the type checker needs it: where there are too many there is a first.',
    },
    {
      survivors: [['(failure: unknown) => keep({ failure }),', '() => undefined,']],
      why: 'Equal but for memory: the promise that rejected is given again.',
    },
  ],
  'src/tracker/cache.ts': [
    { survivors: [['} catch {', '} catch {}']], why: 'Equal: a function that ends without a value gives undefined.' },
    {
      survivors: [['if (kept instanceof Promise) kept.catch(() => undefined);', 'if (true) kept.catch(() => undefined);']],
      why: 'Equal: what is thrown here is caught below, as what a store throws is.',
    },
  ],
  'src/tracker/fair-turns.ts': [
    {
      survivors: [
        [
          'return { toBegin: createQueue(), toGoOn: createQueue(), begun: 0, isHeld: false };',
          'return { toBegin: createQueue(), toGoOn: createQueue(), begun: 0, isHeld: true };',
        ],
      ],
      why: 'Equal: it is asked for where something has begun in its turn, and each turn sets it.',
    },
  ],
  'src/tracker/challenge.ts': [
    {
      survivors: [
        ['return token !== null && TOKEN.test(token) ? token : null;', 'return true && TOKEN.test(token) ? token : null;'],
        [
          "const [, name = '', value = ''] = /^\\s*([^=;\\s]+)=([^;]*)/.exec(setCookie) ?? [];",
          'const [, name = \'\', value = "Stryker was here!"] = /^\\s*([^=;\\s]+)=([^;]*)/.exec(setCookie) ?? [];',
        ],
        [
          "const [, name = '', value = ''] = /^\\s*([^=;\\s]+)=([^;]*)/.exec(setCookie) ?? [];",
          "const [, name = '', value = ''] = /^\\s*([^=;\\s]+)=([^;]*)/.exec(setCookie) ?? [\"Stryker was here\"];",
        ],
      ],
      why: FOR_THE_TYPES,
    },
  ],
};
