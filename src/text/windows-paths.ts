/* Paths of Windows, in which a backslash begins no escape: `C:\new\panel.example`, `\\files.panel.example\share`. */

// `\n192.0.2.1` and `\nhttp://` are line breaks all the same.
const NO_ESCAPE = String.raw`(?![nrt](?:\d{1,3}\.\d|[a-z]{3,6}:\/))`;
const WORD = String.raw`[^\\\s"'<>|*?:;,]`;
// A folder's name may hold blanks; behind a file's ending one ends it.
const SEGMENT = String.raw`${NO_ESCAPE}${WORD}{1,255}(?:(?:(?<!\.\w{1,5}) ${WORD}{1,255}){1,3}(?=\\))?`;
const pathOf = (separator: string) => String.raw`(?:${separator}(?!\\)${SEGMENT})`;
// As it is, in a string of JSON, and in one within another. The first backslash has been read, which is quicker than to look behind first.
const [ONCE, TWICE, FOUR_TIMES] = [String.raw`\\`, String.raw`\\{2}`, String.raw`\\{4}`];
const FROM_ROOT = [
  `${pathOf('')}${pathOf(ONCE)}*`,
  `${pathOf(ONCE)}${pathOf(TWICE)}*`,
  `${pathOf('\\\\{3}')}${pathOf(FOUR_TIMES)}*`,
];
const DRIVE_PATH = String.raw`(?<=(?<![a-z\d])[a-z]:\\)(?:${FROM_ROOT.join('|')})`;

const SERVER = String.raw`(?!\\)${NO_ESCAPE}[\w$.-]{1,253}(?:@\w{1,5}){0,2}`;
const SHARE = String.raw`(?<![\w\\.]\\)(?:\\${SERVER}${pathOf(ONCE)}+|\\{3}${SERVER}${pathOf(TWICE)}+)`;
// Behind a quote or colon, `\\npanel.example` may as well be a line break in a string within another.
const SERVER_ALONE = String.raw`(?<![^\s([{<=,;|]\\)\\${SERVER}(?![\w$.@\\-])`;

/** A path from a drive's colon or a server on, as the source of a regular expression of two groups. Takes linear time. */
export const WINDOWS_PATH = String.raw`\\(?:(${DRIVE_PATH})|(${SHARE}|${SERVER_ALONE}))`;

/** The path behind the first backslash, without those that a string doubled. */
export const toDrivePath = (path: string) => `\\${path}`.replace(/\\+/g, '\\');

/** The same for the path of a server, which begins with two. */
export const toServerPath = (path: string) => `\\${toDrivePath(path)}`;
