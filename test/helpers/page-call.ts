import { startInMemory } from './memory-run.ts';

/** One call of the program as a command writes it, and the shell text behind its pipe ('' without one). */
export interface Call {
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly rest: string;
}

const WORD = /(?:'[^']*'|"[^"$`\\]*"|[^\s'"|&;<>()$`\\*?~#])+/y;

/** Reads `[NAME=value…] cct ARGUMENTS [| REST]`; undefined for what only a shell can read. */
export function parseCall(command: string): Call | undefined {
  const env: Record<string, string> = {};
  const words: string[] = [];
  let at = 0;
  for (;;) {
    WORD.lastIndex = at;
    const word = WORD.exec(command)?.[0];
    if (word === undefined) return undefined;
    const text = word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2');
    const [, name, value = ''] = /^([A-Z][A-Z_]*)=(.*)$/.exec(text) ?? [];
    if (words.length === 0 && name !== undefined) env[name] = value;
    else words.push(text);
    at = WORD.lastIndex;
    const [gap = ''] = /^ *(?:\| *)?/.exec(command.slice(at)) ?? [];
    at += gap.length;
    if (at !== command.length && !gap.includes('|')) continue;
    const [program, ...args] = words[0] === 'npx' ? words.slice(1) : words;
    return program === 'cct' ? { env, args, rest: command.slice(at) } : undefined;
  }
}

/** How a command ended. */
export interface Ending {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program in memory, in a directory and with exactly these variables. */
export async function callInMemory(
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<Ending> {
  const home = process.cwd();
  // The program reads files relative to it. Test files run in processes of their own.
  process.chdir(cwd);
  try {
    return await startInMemory(args, { env, now: () => new Date() }).finished;
  } finally {
    process.chdir(home);
  }
}
