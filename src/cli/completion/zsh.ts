import { quote } from '../../core/shell-word.ts';
import type { CompletionSpec, Value } from './spec.ts';

/** A completion script for zsh, to be sourced, or installed as `_cct` in a directory of `fpath`. */
export function toZsh(specs: readonly CompletionSpec[]): string {
  return `#compdef cct
# Completions of cct for zsh. Use them with: source <(cct completion zsh)

${specs.map(toFunction).join('\n\n')}

if [[ \${funcstack[1]} == _cct ]]; then
  _cct "$@"
else
  compdef _cct cct
fi
`;
}

function toFunction({ path, commands, flags, operands }: CompletionSpec): string {
  const name = `_${path.replaceAll(/[ -]/g, '_')}`;
  const args = flags.flatMap(toArguments);
  if (commands.length === 0) {
    const last = operands ? [quote(`${operands.paths ? '*' : '1'}${toAction(operands)}`)] : [];
    return `${name}() {\n  ${['_arguments -s -S :', ...args, ...last].join(' \\\n    ')}\n}`;
  }
  return `${name}() {
  local curcontext=$curcontext state line
  local -A opt_args
  local -a commands
  commands=(
    ${commands.map((below) => quote(`${below.name}:${below.description}`)).join('\n    ')}
  )
  ${['_arguments -C -s -S :', ...args, "'1: :->command'", "'*:: :->rest'"].join(' \\\n    ')}
  case $state in
    command) _describe -t commands command commands ;;
    rest) _call_function state ${name}_\${line[1]//-/_} ;;
  esac
}`;
}

/** A flag as arguments of `_arguments`. A flag with a value can be repeated. */
function toArguments({ names, description, value }: CompletionSpec['flags'][number]): string[] {
  const text = description.replaceAll(/[[\]:\\]/g, '\\$&');
  return names.map((name) => {
    if (!value) return quote(`(${names.join(' ')})${name}[${text}]`);
    return quote(`*${name}${name.startsWith('--') ? '=' : '+'}[${text}]${toAction(value)}`);
  });
}

function toAction({ words, paths }: Value): string {
  if (paths === 'directory') return ':directory:_files -/';
  if (paths === 'file') return words.length > 0 ? `:file:{compadd -- ${words.join(' ')}; _files}` : ':file:_files';
  return words.length > 0 ? `:choice:(${words.join(' ')})` : ':text: ';
}
