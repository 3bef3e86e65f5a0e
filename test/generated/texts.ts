import fc from 'fast-check';

/** Texts that may confuse a terminal, a spreadsheet, a parser or a list. */
const AWKWARD = [
  ...['\u001B[31m', '\u001B]0;x\u0007', '\u009B2J', '\b', '\0', '\u007F', '\u0085', '\t', '\r', '\n', '\r\n', ' ', '\u00A0'],
  ...['\u061C', '\u200E', '\u202E', '\u2028', '\u2029', '\u2066', '\uFEFF', '\u200B', '\u200D', '\uFE0F', '\u00AD'],
  ...'= + - @ ＝ ＋ － ＠ \' " "" , ; | \\ \\t # < > & &amp; </td>'.split(' '),
  ...['例', '地', 'ｱﾞ', '한', '\u1112\u1161\u11AB', '🦠', '👩‍👩‍👧', '🇩🇪', '👍🏽', 'e\u0301', '\u0301', 'नि', '\uD800', '\uDC00'],
  ...['a', '1', '.', '/', ':', '://', '{}', '[]', 'null', '__proto__', '…'],
];

const unit = fc.integer({ min: 0, max: 0xffff });

/** Any text, with lone surrogates, controls and bidirectional marks. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(unit).map((units) => String.fromCharCode(...units)),
  fc.array(fc.constantFrom(...AWKWARD), { maxLength: 8 }).map((parts) => parts.join('')),
);

/** Any text without lone surrogates, which survives UTF-8. */
export const anyWellFormed = anyText.map((text) => text.toWellFormed());

/** Long runs of one character, and brackets within brackets. */
export const anyRun = fc
  .tuple(fc.constantFrom(...AWKWARD, '[', '(', '{', ']', ')', '}', '[.', '.]', 'a.', '1.'), fc.integer({ min: 1, max: 600 }))
  .map(([piece, times]) => piece.repeat(times));

export const nested = fc
  .tuple(fc.constantFrom(['[', ']'], ['(', ')'], ['{', '}'], ['[(', ')]']), fc.integer({ min: 1, max: 200 }), anyText)
  .map(([[open = '', close = ''], depth, inner]) => open.repeat(depth) + inner + close.repeat(depth));

/** Characters that a terminal obeys or shows out of order. */
export const OBEYED = /[\p{Cc}\u2028\u2029\uFFF9-\uFFFB\p{Default_Ignorable_Code_Point}]/u;

/** A day, `YYYY-MM-DD`. */
export const day = fc
  .date({ min: new Date('1970-01-02T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

/** Pieces of which some random texts are nearly a defanged value. */
export const FRAGMENTS = [
  ...['hxxp', 'https', 'http', 'h**p', 'meow', 'tcp', 'fxp', '://', '[:]//', '[://]', '[:// ', ':\\\\', ':\\/\\/', '__'],
  ...[
    'panel',
    'example',
    '192',
    '0',
    '2',
    '1',
    '2001',
    'db8',
    'ä',
    '💩',
    '👈',
    '에서',
    '.php',
    '\ud800',
    '.',
    '[.]',
    '(.)',
    '{.}',
    '[dot]',
  ],
  ...['( dot )', '\\.', '[.', '.]', '[', ']', '(', ')', '{', '}', ':', '//', '[:]', '[::]', '[/]', '(/)', '[@]', '(at)'],
  ...['@', '/', '\\', '?', '#', ' ', 'h[tt]p', '[[.]]', '\\n', '&amp;', '%3a%2f%2f', 'version ', 'www.', 'com', ':443'],
];

/** Pieces that make a careless pattern backtrack at every character. */
export const HOSTILE = [
  ...['http://', 'hxxp://', 'hxxp[:', 'h**p', 'http__', 'http__a', 'a-b://', 'http:\\\\a', 'http:// a .', '[', ']', '('],
  ...[')', '{', '[.]', '[.', '.]', '[ . ]', '[dot]', '\\.', '\\\\.', '\\', '.', ':', '::', '[:]', '[/]', '/', '@', '*', ' ', "'"],
  ...['a', '1', '1.', 'a.', 'a-', 'a+', 'a@', 'a:', 'f:', '1[.]', 'a[.]', '192.0.2.', '192.0.2.1 ', '192.0.2.1-'],
  ...['http://a/', '(http://a/)', "'http://a/", 'http://a/,', 'http://a/(', 'http://a)', 'http://a@', 'http://a:'],
  ...['http://[', 'http://[2001:db8::1]', 'http://a$', '::ffff:', '地', '💩', '\ud800', '\u001b[', '\u001b[1', ',http'],
  ...[
    ' http://a.xsd',
    '\\n',
    '\\\\',
    '\\u0026',
    '\\x',
    '&amp;',
    '&#',
    '&#x27;',
    '%3a%2f%2f',
    'http%3A%2F%2Fa',
    '%22http://a',
    '(5)panel(7)',
    '(0)',
  ],
  ...[
    'h[tt]p',
    'hxxp ://',
    'http ',
    'hxxp//',
    'http:__',
    '[[.]]',
    '].',
    '].[',
    'a[-]',
    '.[',
    '.)',
    'version ',
    'v',
    'versions 1.2.3.4 and ',
    'is ',
    '-v ',
  ],
  ...[
    '1.2.3.4/',
    '192.0.2.0 255.',
    '1.2.3.4.',
    'a.com',
    'a.com/',
    'a.com:',
    'a.zip ',
    'a.b(',
    '@a.com',
    'a.com@',
    '\\[.\\]',
    '_a',
  ],
  ...['|bash', ';sh ', '&&', '[/url]', '[a b', '+http://a', 'a=http://a', ',a=http://a/', '\u00AD', '\u200B', '例a.com例', '→'],
  ...['a.com和', '1和1.', '例1.', 'д1.', '1.2.3.4д', 'version is now ', '版本为', 'foo==', '1.2.3.4/1', 'a.https ', 'IN a.zip '],
  ...[
    '=/a.com/',
    'a.zzz/!',
    '!a.com/1.2.3.4',
    '%40a.com',
    '(at) a.com',
    '\\\\a.com@80\\',
    'com.a.app ',
    'query: a.Com',
    'a.com?x=',
    '1.2.3.4 255.0.0.0 ',
  ],
  ...[
    'C:\\',
    'C:\\a b',
    '\\\\a',
    '\\\\a\\b ',
    'a\\n',
    '%253a',
    'http%253A%252F%252F',
    '%7bjndi:',
    '://a%',
    '&period;',
    '{[}',
    '\u001b[K',
  ],
  ...[
    '__;',
    '_http://a/',
    '[[http://a/|',
    '%20-',
    '+-O',
    '%3bsh',
    '${IFS}',
    '-->',
    'a[1]',
    '[1]',
    ',a[.]',
    ',a.com',
    ';./',
    '。a',
    'a。',
  ],
  ...['http:/', 'http_//', 'http//', 'h__p://', 'http[:/]/', 'git+http://', 'a+http', '\u27a1', '💩.', 'a💩'],
];

/** A text that is nearly a defanged value, or any text. */
export const nearlyDefanged = fc.oneof(
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 14 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...FRAGMENTS, ...HOSTILE), { maxLength: 14 }).map((parts) => parts.join('')),
);
