/* Whether four numbers with dots are a version, by the text around them. */

// With their inflections. Compounds and camel case are below.
const WORDS = [
  ...[
    'versions?',
    'releases?',
    'revisions?',
    'builds?',
    'firmwares?',
    'sections?',
    'chapters?',
    'abschnitt',
    'kapitel',
    'ziffer',
    'fassung',
    'v|vers?|rev|rv|oid|вер',
  ],
  ...['versi[oó]n(?:es|s)?', 'vers(?:ão|ões|ao|oes)', 'version[ei]', 'versies?', 'versi', 'bertsio\\p{L}{0,3}', 'fersiwn'],
  ...['version(?:en|er|s)?', 'versjon(?:en|er)?', 'útgáfa', 'utgåva', 'versio\\p{L}{0,4}', 'versioon\\p{L}{0,3}'],
  ...[
    'wersj\\p{L}{1,3}',
    'verz(?:e|i|í|ia|ie|ii|iu|ou|ió|ió\\p{L}+|ij\\p{L}{1,3}|ích|ím)',
    'versij\\p{L}{1,3}',
    'versiun\\p{L}{1,5}',
  ],
  ...[
    'sürüm\\p{L}{0,6}',
    'bản',
    'верс[иіы]\\p{L}{1,3}',
    'верзиј\\p{L}{1,3}',
    '[έε]κδ[οό]σ\\p{L}{1,4}',
    'сборк\\p{L}{1,3}',
    'выпуск\\p{L}?',
  ],
  ...['(?:ال|لل)?[إا]صدار', '(?:ال)?نسخ[ةهۀ]', 'ویرایش', 'ورژن', 'ה?ג(?:י)?רס[הת]', 'ה?נוסח[הת]', 'संस्करण', 'সংস্করণ', 'பதிப்பு'],
  '§',
].join('|');
// Quick test that excludes nearly all words.
const MAY_BE_WORD = /v|rsi|wersj|build|release|firm|section|chapter|abschnitt|kapitel|ziffer|fassung|oid|[^\x00-\x7f]/i;
const WORD = new RegExp(`^(?:${WORDS})$`, 'u');

// In scripts without blanks, other words may precede the word, and a particle may follow it.
const UNSPACED_WORD = new RegExp(
  '(?:(?:版本|版)(?:号|號)?(?:码|碼)?(?:为|為|是|即|更新至|升级到)?|(?:バージョン|ヴァージョン)(?:番号|情報)?[はがのも]?|' +
    '(?:버전|판본)(?:번호|정보)?[은는이가의]?|(?:เวอร์ชัน|เวอร์ชั่น|รุ่น)(?:ที่|คือ)?)$',
  'u',
);
// `FileVersion`, `Softwareversion`, `Versionsnummer`.
const IN_CAMEL_CASE = /\p{Ll}(?:Version|Release|Revision|Build|Firmware)s?$/u;
const COMPOUND =
  /\p{L}versi(?:on|one|ón)s?$|^versi(?:on|e)s?(?:nummer|nr|number|no|code|string|info|id)$|^build(?:number|no|id)$/iu;
const OTHER_COMPOUND = /^(?:con|in|a|di|e|per|re|sub|ob|retro|trans|intro|extro|ani)versi(?:on|one|ón)s?$/i;

// May be between the word and the number.
const CONNECTIVES = new Set(
  (
    'is are was were be of no nr num number numbers nummer numéro numero número n nº name string code info now currently ' +
    'es ist war jetzt est é è er är jest to je before after prior until til till up than through including below above from on since ' +
    'older newer earlier later lower higher less greater equal vor bis ab avant antes hasta prima före før до выше ниже номер файла ' +
    'программы продукта сборки файлу pliku programu numer souboru du de des della do da del der dem den logiciel fichier archivo programa'
  ).split(' '),
);
// A version is sent `to 192.0.2.1` too.
const COMPARED = /^(?:prior|up|older|newer|earlier|later|lower|higher|less|greater|equal)$/i;
const NEEDS_COMPARED = /^(?:to|than|from|on)$/i;
const MAX_CONNECTIVES = 4;

/** Whether the word before an index, or before `is now`, `prior to` or `no.`, means a version. A flag such as `-v` does not. */
export function isBehindVersionWord(text: string, start: number, from: number): boolean {
  let word = wordBefore(text, start, from);
  for (let count = 0; word !== undefined && count < MAX_CONNECTIVES && CONNECTIVES.has(word.word.toLowerCase()); count += 1) {
    const before = wordBefore(text, word.start, from);
    if (NEEDS_COMPARED.test(word.word) && !COMPARED.test(before?.word ?? '')) return false;
    word = before;
  }
  return word !== undefined && isVersionWord(word.word) && !isFlag(text, word.start);
}

function isVersionWord(word: string): boolean {
  if (!MAY_BE_WORD.test(word)) return false;
  if (WORD.test(word.toLowerCase()) || IN_CAMEL_CASE.test(word)) return true;
  return UNSPACED_WORD.test(word) || (COMPOUND.test(word) && !OTHER_COMPOUND.test(word));
}

/** `-v`, and `/release` of Windows. */
function isFlag(text: string, start: number): boolean {
  return start > 0 && /[-/]/.test(text.slice(start - 1, start)) && !/\S/.test(text.slice(Math.max(0, start - 2), start - 1));
}

const MAX_GAP = 8;
const MAX_WORD = 24;
const ENDS_GAP = /[\d/\\;{}@#&?<]/;
const COMPARISON = /^\s?(?:<=?|≤)\s?$/;

/** The word before an index, with only a few blanks and certain marks between; undefined if there is none. */
function wordBefore(text: string, index: number, from: number): { word: string; start: number } | undefined {
  let end = index;
  while (end > from && index - end < MAX_GAP && !isLetter(text.charCodeAt(end - 1))) end -= 1;
  let start = end;
  while (start > from && end - start < MAX_WORD && isLetter(text.charCodeAt(start - 1))) start -= 1;
  const gap = text.slice(end, index);
  return start === end || (ENDS_GAP.test(gap) && !COMPARISON.test(gap)) ? undefined : { word: text.slice(start, end), start };
}

function isLetter(code: number): boolean {
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
  if (code < 0xc0) return code === 0xa7 || code === 0xaa || code === 0xba;
  // Not letters: punctuation, arrows, lines and shapes; East Asian punctuation; full-width marks.
  return !((code >= 0x2000 && code < 0x2c00) || (code >= 0x3000 && code < 0x3040) || (code >= 0xff00 && code < 0xff21));
}

const BEHIND_UPGRADE = /\b(?:(?:up|down)grad(?:e|es|ed|ing) to|(?:fixed|patched|resolved) in) $/i;
// `and later to 192.0.2.1` goes on.
const OR_LATER =
  /^[)\]"']?,?\s(?:or|and)\s(?:later|newer|higher|above|greater|up|earlier|older|lower|below|prior|previous)(?=\s?(?:[.,;:)|\]]|$)|\s(?:versions?|releases?|builds?)\b)/i;

/** Whether a sentence compares versions around an index, without the word: `upgrade to 1.2.3.4`, `fixed in 1.2.3.4`, `1.2.3.4 and earlier`. */
export function isComparedVersion(text: string, start: number, end: number): boolean {
  const isBehindWord = /^ (?:to|in) $/.test(text.slice(Math.max(0, start - 4), start));
  return (
    OR_LATER.test(text.slice(end, end + 32)) || (isBehindWord && BEHIND_UPGRADE.test(text.slice(Math.max(0, start - 16), start)))
  );
}

// The second one of `versions 1.2.3.4 and 1.2.3.5`.
const BETWEEN_VERSIONS = /^["')]{0,2}\s?(?:-|–|to|through|and|or|before|,|\/)\s?["'(]{0,2}v?$/i;

/** Whether the text between a version and another number makes the other a version too. */
export function joinsVersions(between: string): boolean {
  return BETWEEN_VERSIONS.test(between);
}

// `foo==1.2.3.4` in a list of requirements.
const REQUIREMENT = /(?:^|[\s"'`,;([])([a-z][\w.-]{0,60})(?:\[[\w,]{0,40}\])?(?:[=!<>~]=|===)$/i;
// Filters compare addresses in the same form: `ip.src==192.0.2.1`.
const NAMES_ADDRESS = /ip|addr|host|src|dst|source|dest|server|client|peer|remote|local|c2|net|dns|gateway|router|proxy/i;

/** Whether a text ends with the name of a package and a comparison. */
export function isBehindRequirement(near: string): boolean {
  const name = near.endsWith('=') ? REQUIREMENT.exec(near)?.[1] : undefined;
  return name !== undefined && !NAMES_ADDRESS.test(name);
}

// `cpe:2.3:a:vendor:product:1.2.3.4`, `cpe:/a:vendor:product:1.2.3.4` (NISTIR 7695).
const PLATFORM = /\bcpe:(?:2\.3:|\/)[aoh*-](?::[^\s:]{1,64}){2,4}:$/i;
const PLATFORM_LENGTH = 280;

/** Whether the next part of a platform's name (CPE) at an index is its version. */
export function isInPlatform(text: string, start: number): boolean {
  return PLATFORM.test(text.slice(Math.max(0, start - PLATFORM_LENGTH), start));
}
