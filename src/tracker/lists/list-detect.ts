import { namingFile } from '../../files/file-reasons.ts';
import { isHostsHeader, parseHostList } from './list-hosts.ts';
import { isHtmlPage, parseListPage } from './list-html.ts';
import { parseLineList } from './list-lines.ts';
import type { ListReading } from './list-reading.ts';
import { requireEntries } from './list-reading.ts';
import { isTsvHeader, parseTsvList } from './list-tsv.ts';
import { isSnapshotText, parseSnapshot } from '../snapshot/snapshot-file.ts';

/**
 * Parses a list, detecting its format by content: a snapshot file, tab-separated text, a host list as CSV, a page of `index.php`, else
 * `all.php`. Throws `input` with the file's name for anything else.
 */
export function parseList(text: string, file: string): ListReading {
  return namingFile(file, () => parseAny(text));
}

function parseAny(text: string): ListReading {
  if (isSnapshotText(text)) {
    return { ...parseSnapshot(text), notes: [] };
  }
  const [firstLine = ''] = text.split(/\r?\n/, 1);
  if (isTsvHeader(firstLine)) return parseTsvList(text);
  if (isHostsHeader(firstLine)) return parseHostList(text);
  return isHtmlPage(text) ? requireEntries(parseListPage(text)) : parseLineList(text);
}
