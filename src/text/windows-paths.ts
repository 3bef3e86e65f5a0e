/* Windows paths, in which a backslash does not begin an escape: `C:\new\panel.example`, `\\files.panel.example\share`. */

// `\n192.0.2.1` and `\nhttp://` are line breaks all the same.
const NO_ESCAPE = String.raw`(?![nrt](?:\d{1,3}\.\d|[a-z]{3,6}:\/))`;
const WORD = String.raw`[^\\\s"'<>|*?:;,]`;
// Names of directories may contain blanks; after a file extension a blank ends the path.
const SEGMENT = String.raw`${NO_ESCAPE}${WORD}{1,255}(?:(?:(?<!\.\w{1,5}) ${WORD}{1,255}){1,3}(?=\\))?`;
const pathOf = (separator: string) => String.raw`(?:${separator}(?!\\)${SEGMENT})`;
// Plain, in a JSON string, and in a JSON string within another. The first backslash is already matched, which is faster than a lookbehind.
const [ONCE, TWICE, FOUR_TIMES] = [String.raw`\\`, String.raw`\\{2}`, String.raw`\\{4}`];
const FROM_ROOT = [
  `${pathOf('')}${pathOf(ONCE)}*`,
  `${pathOf(ONCE)}${pathOf(TWICE)}*`,
  `${pathOf('\\\\{3}')}${pathOf(FOUR_TIMES)}*`,
];
const DRIVE_PATH = String.raw`(?<=(?<![a-z\d])[a-z]:\\)(?:${FROM_ROOT.join('|')})`;

const SERVER = String.raw`(?!\\)${NO_ESCAPE}[\w$.-]{1,253}(?:@\w{1,5}){0,2}`;
const SHARE = String.raw`(?<![\w\\.]\\)(?:\\${SERVER}${pathOf(ONCE)}+|\\{3}${SERVER}${pathOf(TWICE)}+)`;
// After a quote or colon, `\\npanel.example` may also be a line break in a string within another.
const SERVER_ALONE = String.raw`(?<![^\s([{<=,;|]\\)\\${SERVER}(?![\w$.@\\-])`;

/** A path after the colon of a drive, or with a server, as the source of a regular expression with one group for each. Takes linear time. */
export const WINDOWS_PATH = String.raw`\\(?:(${DRIVE_PATH})|(${SHARE}|${SERVER_ALONE}))`;

/** A drive's path with single backslashes, also if a string doubled them. */
export const toDrivePath = (path: string) => `\\${path}`.replace(/\\+/g, '\\');

/** The same for a server's path, which begins with two. */
export const toServerPath = (path: string) => `\\${toDrivePath(path)}`;
