import type { Offer, OfferedFlag, Taken } from './offers.ts';
import { namesOf, quote } from './offers.ts';

/** A completion script for zsh, to be sourced, or put as `_cct` into a folder of `fpath`. */
export function toZsh(offers: readonly Offer[]): string {
  return `#compdef cct
# Completions of cct for zsh. Use them with: source <(cct completion zsh)

${offers.map(toFunction).join('\n\n')}

if [[ \${funcstack[1]} == _cct ]]; then
  _cct "$@"
else
  compdef _cct cct
fi
`;
}

const functionOf = (path: string): string => `_${path.replaceAll(/[ -]/g, '_')}`;

function toFunction(offer: Offer): string {
  const { path, commands, flags, operands } = offer;
  const specs = flags.map(toSpec);
  if (commands.length === 0) {
    const last = operandSpec(operands);
    return `${functionOf(path)}() {\n${toArguments('_arguments -s -S :', last === '' ? specs : [...specs, last])}\n}`;
  }
  const names = commands.map(({ name, description }) => `      ${quote(`${name}:${description}`)}`);
  const calls = commands.map(({ name }) => `        ${name}) ${functionOf(`${path} ${name}`)} ;;`);
  return `${functionOf(path)}() {
  local curcontext=$curcontext state line
  local -A opt_args
  local -a commands
  commands=(
${names.join('\n')}
  )
${toArguments('_arguments -C -s -S :', [...specs, "'1: :->command'", "'*:: :->rest'"])}
  case $state in
    command) _describe -t commands command commands ;;
    rest)
      case $line[1] in
${calls.join('\n')}
      esac
      ;;
  esac
}`;
}

function toArguments(call: string, specs: readonly string[]): string {
  return [`  ${call}`, ...specs.map((spec) => `    ${spec}`)].join(' \\\n');
}

/** A flag as \`_arguments\` has it. One with a value can be given again: it counts anew, or adds. */
function toSpec(flag: OfferedFlag): string {
  const text = flag.description.replaceAll(/[[\]:\\]/g, '\\$&');
  const names = namesOf(flag);
  const value = valueSpec(flag.takes);
  if (value === '') {
    const [only] = names;
    if (names.length === 1 && only !== undefined) return quote(`${only}[${text}]`);
    return `${quote(`(${names.join(' ')})`)}{${names.join(',')}}${quote(`[${text}]`)}`;
  }
  return names.map((name) => quote(`*${name}${name.startsWith('--') ? '=' : '+'}[${text}]${value}`)).join(' ');
}

function valueSpec(takes: Taken): string {
  switch (takes) {
    case 'nothing':
      return '';
    case 'file':
      return ':file:_files';
    case 'file-or-sample':
      return ':file:{compadd -- sample; _files}';
    case 'directory':
      return ':directory:_files -/';
    case 'text':
      return ':text: ';
    default:
      return `:choice:(${takes.join(' ')})`;
  }
}

function operandSpec(operands: Taken): string {
  const value = valueSpec(operands);
  if (value === '') return '';
  return quote(typeof operands === 'string' ? `*${value}` : `1${value}`);
}
