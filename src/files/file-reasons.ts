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
  ELOOP: 'its links form a loop',
  ENXIO: 'it is a socket',
  ENOTDIR: 'a part of the path is not a directory',
  EEXIST: 'a part of the path is not a directory',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
};

/** The reason of a file error in plain words; the system's message for an unknown code. */
export function toFileReason(thrown: unknown): string {
  return REASON_BY_CODE[systemCodeOf(thrown) ?? ''] ?? (thrown instanceof Error ? thrown.message : String(thrown));
}

/** Calls `read`, and prefixes the message of an error with the file's name. */
export function namingFile<Content>(file: string, read: () => Content): Content {
  try {
    return read();
  } catch (thrown) {
    const { code, message } = toCctError(thrown);
    throw new CctError(code, `${file}: ${message}`, { cause: thrown });
  }
}

/** Awaits `write`, and turns a system error into `output`, with a reason from `reasons` or a general one. */
export async function asOutputError<Result>(
  path: string,
  write: () => Promise<Result>,
  reasons: Readonly<Record<string, string>> = {},
): Promise<Result> {
  try {
    return await write();
  } catch (thrown) {
    if (thrown instanceof CctError) throw thrown;
    const reason = reasons[systemCodeOf(thrown) ?? ''] ?? toFileReason(thrown);
    throw new CctError('output', `cannot write ${path}: ${reason}`, { cause: thrown });
  }
}
