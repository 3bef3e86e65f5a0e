import { CctError, systemCodeOf, toCctError } from '../core/errors.ts';

const REASON_BY_CODE: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is exceeded',
  EFBIG: 'the file is too large for this disk',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENOTDIR: 'a part of the path is not a directory',
  EEXIST: 'a part of the path is not a directory',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
};

/** Why something could not be done with a file, in plain words where the system's code is a known one, else in the system's. */
export function toFileReason(thrown: unknown): string {
  return REASON_BY_CODE[systemCodeOf(thrown) ?? ''] ?? (thrown instanceof Error ? thrown.message : String(thrown));
}

/** What `read` makes of a file's content. What it throws is thrown with the name of the file before it, its code the same. */
export function namingFile<Content>(file: string, read: () => Content): Content {
  try {
    return read();
  } catch (thrown) {
    const { code, message } = toCctError(thrown);
    throw new CctError(code, `${file}: ${message}`, { cause: thrown });
  }
}
