import type { Offer, Taken } from './offers.ts';
import { namesOf, quote } from './offers.ts';

/** A completion script for bash 3.2 and newer; it needs nothing else, not the bash-completion package either. */
export function toBash(offers: readonly Offer[]): string {
  return `# Completions of cct for bash. Use them with: source <(cct completion bash)

# What the flag $2 of the command $1 takes.
_cct_takes() {
  case "$1 $2" in
${takenCases(offers)}
    *) taken=nothing ;;
  esac
}

# What can follow the command $1.
_cct_offers() {
  case "$1" in
${offers.map(offerCase).join('\n')}
  esac
}

_cct_reply() {
  local line
  while IFS= read -r line; do COMPREPLY+=("$before$line"); done < <(compgen "$@" -- "$cur")
}

_cct_fill() {
  case "$1" in
    nothing | text) ;;
    file) compopt -o filenames 2>/dev/null; _cct_reply -f ;;
    'file-or-sample') compopt -o filenames 2>/dev/null; _cct_reply -f; _cct_reply -W sample ;;
    directory) compopt -o filenames 2>/dev/null; _cct_reply -d ;;
    *) _cct_reply -W "$1" ;;
  esac
}

_cct() {
  local cur=\${COMP_WORDS[COMP_CWORD]} path=cct before='' pending='' ended='' taken commands flags operands word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    # Readline cuts --flag=value into three words.
    if [[ $word == '=' ]]; then continue; fi
    if [[ -n $pending ]]; then pending=''; continue; fi
    if [[ -n $ended ]]; then continue; fi
    _cct_offers "$path"
    case "$word" in
      --) ended=yes ;;
      -*) _cct_takes "$path" "$word"; if [[ $taken != nothing ]]; then pending=$word; fi ;;
      *) if [[ " $commands " == *" $word "* ]]; then path="$path $word"; fi ;;
    esac
  done
  _cct_offers "$path"
  if [[ $cur == '=' ]]; then cur=''; fi
  if [[ -z $pending$ended && $cur == --*=* ]]; then
    pending=\${cur%%=*} before="\${cur%%=*}=" cur=\${cur#*=}
  fi
  if [[ -n $pending ]]; then
    _cct_takes "$path" "$pending"
    _cct_fill "$taken"
  elif [[ -z $ended && $cur == -* ]]; then
    _cct_fill "$flags"
  elif [[ -n $commands && -z $ended ]]; then
    _cct_fill "$commands"
  else
    _cct_fill "$operands"
  fi
}

complete -F _cct cct
`;
}

const toWord = (taken: Taken): string =>
  taken === 'nothing' ? taken : quote(typeof taken === 'string' ? taken : taken.join(' '));

/** One case for all flags that take the same. */
function takenCases(offers: readonly Offer[]): string {
  const patterns = new Map<string, string[]>();
  for (const { path, flags } of offers) {
    for (const flag of flags) {
      if (flag.takes === 'nothing') continue;
      const word = toWord(flag.takes);
      patterns.set(word, [...(patterns.get(word) ?? []), ...namesOf(flag).map((name) => quote(`${path} ${name}`))]);
    }
  }
  return [...patterns].map(([word, known]) => `    ${known.join(' | ')}) taken=${word} ;;`).join('\n');
}

function offerCase({ path, commands, flags, operands }: Offer): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `    ${quote(path)}) commands=${quote(names)} flags=${quote(flags.flatMap(namesOf).join(' '))} operands=${toWord(operands)} ;;`;
}
