import { quote } from '../../core/shell-word.ts';
import type { CompletionSpec, Value } from './spec.ts';

/** A completion script for bash 3.2 and newer; it does not need the bash-completion package. */
export function toBash(specs: readonly CompletionSpec[]): string {
  return `# Completions of cct for bash. Use them with: source <(cct completion bash)

# What can follow the command $1, or the value of the flag that it ends with.
_cct_spec() {
  value=''
  case "$1" in
${specs.flatMap(toCases).join('\n')}
  esac
}

_cct_add() {
  local line
  while IFS= read -r line; do COMPREPLY+=("$before$line"); done < <(compgen "$@" -- "$cur")
}

_cct_complete() {
  local word
  for word in $1; do
    case "$word" in
      '<text>') ;;
      '<file>') compopt -o filenames 2>/dev/null; _cct_add -f ;;
      '<directory>') compopt -o filenames 2>/dev/null; _cct_add -d ;;
      *) _cct_add -W "$word" ;;
    esac
  done
}

_cct() {
  local cur=\${COMP_WORDS[COMP_CWORD]} path=cct before='' pending='' ended='' value commands flags operands word i
  COMPREPLY=()
  _cct_spec cct
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    # Readline cuts --flag=value into three words.
    if [[ -n $ended || $word == '=' ]]; then continue
    elif [[ -n $pending ]]; then pending=''
    elif [[ $word == -- ]]; then ended=yes
    elif [[ $word == -* ]]; then _cct_spec "$path $word"; pending=$value
    elif [[ " $commands " == *" $word "* ]]; then path="$path $word"; _cct_spec "$path"
    fi
  done
  if [[ $cur == '=' ]]; then cur=''; fi
  if [[ -z $pending$ended && $cur == --*=* ]]; then
    before="\${cur%%=*}=" cur=\${cur#*=}
    _cct_spec "$path \${before%=}"; pending=\${value:-<text>}
  fi
  if [[ -n $pending ]]; then _cct_complete "$pending"
  elif [[ -z $ended && $cur == -* ]]; then _cct_complete "$flags"
  elif [[ -z $ended && -n $commands ]]; then _cct_complete "$commands"
  else _cct_complete "$operands"
  fi
}

complete -F _cct cct
`;
}

function toCases({ path, commands, flags, operands }: CompletionSpec): string[] {
  const names = commands.map(({ name }) => name).join(' ');
  const flagNames = flags.flatMap((flag) => flag.names).join(' ');
  const own = `commands=${quote(names)} flags=${quote(flagNames)} operands=${quote(operands ? toWords(operands) : '')}`;
  const values = flags.flatMap((flag) =>
    flag.value
      ? [`    ${flag.names.map((name) => quote(`${path} ${name}`)).join(' | ')}) value=${quote(toWords(flag.value))} ;;`]
      : [],
  );
  return [`    ${quote(path)}) ${own} ;;`, ...values];
}

function toWords({ words, paths }: Value): string {
  return [...words, ...(paths ? [`<${paths}>`] : [])].join(' ') || '<text>';
}
