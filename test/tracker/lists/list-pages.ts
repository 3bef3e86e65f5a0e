/** The header row of the tracker's table. */
export const HEADER = "<tr class='TableHeader'><td>-::DATE</td><td>-::URL</td><td>-::IP</td><td>-::TYPE</td><td></td></tr>";

/** A page of the list with these rows. */
export const page = (...rows: readonly string[]) =>
  `<html><body><table class='ExploitTable'>${HEADER}\n${rows.join('\n')}</table></body></html>`;

/** A row of these cells. */
export const toRow = (...cells: readonly string[]) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
