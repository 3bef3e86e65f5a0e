import { readSource } from '../../src/cli/input/read-source.ts';
import type { InputFormat } from '../../src/core/input-formats.ts';

interface Options {
  readonly name?: string;
  readonly size?: number;
  readonly format?: InputFormat;
  readonly columns?: readonly string[];
  readonly fields?: readonly string[];
}

/** What an input is taken for, as `-v` says it. */
export async function titleOf(text: string, options: Options = {}): Promise<string> {
  const { name = 'stdin', size = 1 << 20, format = 'auto', columns = [], fields = [] } = options;
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
  }
  let title = '';
  const report = {
    note: () => undefined,
    passOver: () => undefined,
    detail: (line: string) => void (title = /: (.*), [\d,]+ [\w ]+$/.exec(line)?.[1] ?? line),
  };
  const batches = readSource({ name, chunks: chunks() }, { format, columns, fields, encoding: undefined }, report);
  while ((await batches.next()).done !== true);
  return title;
}
