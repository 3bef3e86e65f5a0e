import { parse } from 'tldts';
import type { PassedOverReason } from './passed-over.ts';

/* Whether a name with dots is a domain, by public suffix data (https://publicsuffix.org) without private suffixes. */

// RFC 2606 and RFC 7686: none of the list, but in documents and in use.
const MORE_SUFFIXES = new Set(['example', 'onion']);

// Files end in these as often as domains do.
const AMBIGUOUS_ENDINGS = new Set('zip mov md py ps pm sh so bz'.split(' '));

const FILE_ENDINGS = new Set(
  (
    'exe dll sys drv ocx scr cpl msi msix lnk bat cmd vbs vbe vba wsf hta ps1 psm1 js jse mjs cjs ts jsx tsx jar class war apk dex ipa ' +
    'php php3 phtml asp aspx ashx jsp jspx cgi htm html xhtml css xml xsl json jsonl ndjson yaml yml toml ini cfg conf config log txt rtf csv tsv ' +
    'pdf doc docx docm dot xls xlsx xlsm xlsb ppt pptx pptm odt ods one eml msg mht mhtml pst ost rar tar gz tgz bz2 xz zst lz iso img vhd vhdx ' +
    'cab deb rpm dmg pkg bin dat dmp tmp bak old swp elf dylib pyc pyd pyw rb pl lua go rs cpp hpp cs vb java kt swift asm sql db sqlite ' +
    'png jpg jpeg gif bmp ico svg webp mp3 mp4 avi wav ttf woff woff2 pcap pcapng evtx evt yar yara rules key pem crt cer der p12 pfx csr ' +
    'sln csproj vcxproj lock map min patch diff tpl service socket timer'
  ).split(' '),
);

// `com.example.Main`: what Java and Android name backwards.
const REVERSED = /^(?:com|org|net|edu|gov|io)\.[^.]+\./i;

/** A name in text, and what speaks for it. */
export interface NameContext {
  readonly isDefanged: boolean;
  /** Whether a port or a path follows. */
  readonly isAddressed: boolean;
  /** Whether a bracket follows, as behind a function. */
  readonly isCalled: boolean;
}

/** Why a name of two labels or more is no domain; undefined where it is one. `silent` is what nobody would take for one, as `e.g`. */
export function whyNoDomain(
  name: string,
  { isDefanged, isAddressed, isCalled }: NameContext,
): PassedOverReason | 'silent' | undefined {
  const ending = name.slice(name.lastIndexOf('.') + 1);
  const lower = ending.toLowerCase();
  if (lower.length < 2 || /^\d+$/.test(lower)) return 'silent';
  if (/(?:^|\.)(?:in-addr|ip6)\.arpa$/i.test(name)) return 'reverse name';
  const hasSuffix = isUnderSuffix(name.toLowerCase(), lower);
  if (!hasSuffix && FILE_ENDINGS.has(lower)) return 'file name';
  if (isDefanged) return undefined;
  if (isCalled) return 'code';
  if (!hasSuffix) return /^[a-z]/i.test(lower) || /[^\x00-\x7f]/.test(lower) ? 'no such top-level domain' : 'silent';
  if (AMBIGUOUS_ENDINGS.has(lower)) return isAddressed || /^www\./i.test(name) ? undefined : 'file name';
  if (REVERSED.test(name)) return 'code';
  return /^\p{Lu}/u.test(ending) && name !== name.toUpperCase() ? 'code' : undefined;
}

function isUnderSuffix(name: string, ending: string): boolean {
  if (MORE_SUFFIXES.has(ending)) return true;
  const { domain, isIcann } = parse(name, { allowPrivateDomains: false, extractHostname: false, validateHostname: false });
  return isIcann === true && domain !== null;
}
