/* File extensions. Without public suffix data, so that short runs need not load it. */

// As common for files as for domains.
export const AMBIGUOUS_ENDINGS: ReadonlySet<string> = new Set('zip mov md py ps pm sh so bz'.split(' '));

export const FILE_ENDINGS: ReadonlySet<string> = new Set(
  (
    'exe dll sys drv ocx scr cpl msi msix lnk bat cmd vbs vbe vba wsf hta ps1 psm1 js jse mjs cjs ts jsx tsx jar class war apk dex ipa ' +
    'php php3 phtml asp aspx ashx jsp jspx cgi htm html xhtml css xml xsl json jsonl ndjson yaml yml toml ini cfg conf config log txt rtf csv tsv ' +
    'pdf doc docx docm dot xls xlsx xlsm xlsb ppt pptx pptm odt ods one eml msg mht mhtml pst ost rar tar gz tgz bz2 xz zst lz iso img vhd vhdx ' +
    'cab deb rpm dmg pkg bin dat dmp tmp bak old swp elf dylib pyc pyd pyw rb pl lua go rs cpp hpp cs vb java kt swift asm sql db sqlite ' +
    'png jpg jpeg gif bmp ico svg webp mp3 mp4 avi wav ttf woff woff2 pcap pcapng evtx evt yar yara rules key pem crt cer der p12 pfx csr ' +
    'sln csproj vcxproj lock map min patch diff tpl service socket timer'
  ).split(' '),
);

/** All of them, for a regular expression. */
export const ANY_FILE_ENDING = [...AMBIGUOUS_ENDINGS, ...FILE_ENDINGS].join('|');

/** Whether a name ends in a file extension, even if that is also a top-level domain. */
export function endsLikeFile(name: string): boolean {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return AMBIGUOUS_ENDINGS.has(ending) || FILE_ENDINGS.has(ending);
}
