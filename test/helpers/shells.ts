import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cctCommand, openTempDir } from './run-cct.ts';

/** The shells with completions. */
export type Shell = 'bash' | 'zsh' | 'fish';

// A shell that waits for input must fail its test, not the run.
const LIMIT_MS = 15_000;

/** A shell in a directory with `list one.csv`, `lists/` and `other.txt`. */
export interface ShellRoom {
  /** The completions at the end of a line, sorted, without the shell's own marks. */
  readonly offered: (line: string) => string[];
}

/** Throws, and says how to install it, where the shell is missing. */
export function openShell(shell: Shell): ShellRoom {
  const directory = fillDirectory(shell);
  return { offered: (line) => [...new Set(ASK[shell](directory, line).map(withoutMarks))] };
}

/** Removes a directory's slash, the backslash before a blank, and the flag before a value. */
function withoutMarks(offer: string): string {
  return offer.replace(/\/$|\\(?= )|^--[a-z-]+=/g, '');
}

function fillDirectory(shell: Shell): string {
  const directory = openTempDir();
  const missing = spawnSync(shell, ['--version']).error;
  if (missing) throw new Error(`${shell} is not there: install it (apt-get install ${shell}), its completions are tested in it`);
  const [node = '', ...script] = cctCommand;
  const text = execFileSync(node, [...script, 'completion', shell], { encoding: 'utf8' });
  writeFileSync(join(directory, `cct.${shell}`), text);
  mkdirSync(join(directory, 'functions'));
  writeFileSync(join(directory, 'functions', '_cct'), text);
  mkdirSync(join(directory, 'room', 'lists'), { recursive: true });
  for (const file of ['list one.csv', 'other.txt']) writeFileSync(join(directory, 'room', file), '');
  return directory;
}

function run(directory: string, shell: string, args: readonly string[]): string {
  const env = { PATH: process.env['PATH'], HOME: directory, TERM: 'dumb', LANG: 'C.UTF-8' };
  const { status, stdout, stderr } = spawnSync(shell, args, {
    cwd: join(directory, 'room'),
    env,
    encoding: 'utf8',
    timeout: LIMIT_MS,
  });
  if (status === 0 && stderr === '') return stdout;
  throw new Error(`${shell} ended with ${status ?? 'no status'}: ${stderr}${stdout}`);
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .sort();

const ASK: Readonly<Record<Shell, (directory: string, line: string) => string[]>> = {
  bash: askBash,
  zsh: (directory, line) => askZsh(directory, line),
  fish: askFish,
};

/** Calls the registered function with the words as readline splits them. */
function askBash(directory: string, line: string): string[] {
  const words = line
    .replace(/=(?!$)/, ' = ')
    .replace(/=$/, ' =')
    .split(' ');
  const script = `
    source '${join(directory, 'cct.bash')}' || exit 1
    [[ $(complete -p cct) == 'complete -F _cct cct' ]] || exit 2
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _cct cct "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}" || exit 3
    for word in "\${COMPREPLY[@]}"; do printf '%s\\n' "$word"; done`;
  return linesOf(run(directory, 'bash', ['--norc', '-c', script, 'bash', ...words]));
}

/** fish has a command for it; a tab separates a word from its description. */
function askFish(directory: string, line: string): string[] {
  const script = `source '${join(directory, 'cct.fish')}'; complete -C $argv[1]`;
  const said = run(directory, 'fish', ['--no-config', '-c', script, line]);
  return linesOf(said).map((offer) => offer.split('\t')[0] ?? '');
}

/** The completions of a zsh that autoloads the script. */
export function offeredByZshFunctions(line: string): string[] {
  const directory = fillDirectory('zsh');
  return askZsh(directory, line, `fpath=('${join(directory, 'functions')}' $fpath)`, '').map(withoutMarks);
}

/** Starts an interactive zsh on a terminal; its `compadd` records its arguments, and the completion ends the shell. */
function askZsh(directory: string, line: string, before = '', after = `source '${join(directory, 'cct.zsh')}'`): string[] {
  const hits = join(directory, 'hits');
  const setup = join(directory, 'setup.zsh');
  writeFileSync(hits, '');
  writeFileSync(
    setup,
    `PROMPT=
${before}
autoload -Uz compinit
compinit -u -d '${join(directory, 'dump')}'
${after}
bindkey '^I' complete-word
compadd () {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
  local -a found
  builtin compadd -A found "$@"
  print -rl -- $found >> '${hits}'
  builtin compadd "$@"
}
leave () { exit }
comppostfuncs=(leave)
print ready
`,
  );
  const script = `
    zmodload zsh/zpty || exit 1
    zpty shell zsh -f -i
    zpty -w shell "source '${setup}'"
    zpty -r shell said '*ready*' || exit 2
    zpty -w -n shell "$1"$'\\t'
    while zpty -r shell said; do :; done`;
  run(directory, 'zsh', ['-f', '-c', script, 'zsh', line]);
  return linesOf(readFileSync(hits, 'utf8'));
}

/** Types into an interactive bash on a terminal; returns the arguments with which the line then calls `cct`. */
export function typeIntoBash(keys: string): string[] {
  const directory = fillDirectory('bash');
  const setup = join(directory, 'setup.bash');
  writeFileSync(
    setup,
    `source '${join(directory, 'cct.bash')}'\ncct() { printf '%s\\n' "$@" > '${join(directory, 'called')}'; exit; }\necho ready\n`,
  );
  const script = `
    zmodload zsh/zpty || exit 1
    zpty shell bash --norc --noprofile -i
    zpty -w shell "source '${setup}'"
    zpty -r shell said $'*ready\\r*' || exit 2
    zpty -w shell "$1"
    while zpty -r shell said; do :; done`;
  run(directory, 'zsh', ['-f', '-c', script, 'zsh', keys]);
  return readFileSync(join(directory, 'called'), 'utf8').trimEnd().split('\n');
}
