import type { Offer, OfferedFlag, Taken } from './offers.ts';
import { namesOf } from './offers.ts';

/** A completion script for fish 3 and newer. */
export function toFish(offers: readonly Offer[]): string {
  const paths = offers.slice(1).map(({ path }) => quoteFish(path));
  const valued = offers.flatMap(({ path, flags }) =>
    flags.filter(({ takes }) => takes !== 'nothing').flatMap((flag) => namesOf(flag).map((name) => quoteFish(`${path} ${name}`))),
  );
  return `# Completions of cct for fish. Use them with: cct completion fish | source

set -g __cct_paths ${paths.join(' ')}
set -g __cct_valued ${valued.join(' ')}

# Whether the words so far lead to this command; values of flags are no commands.
function __cct_at
    set -l path cct
    set -l pending
    for word in (commandline -opc)[2..-1]
        if test -n "$pending"
            set pending
            continue
        end
        switch $word
            case '--'
                break
            case '-*'
                contains -- "$path $word" $__cct_valued; and set pending yes
            case '*'
                contains -- "$path $word" $__cct_paths; and set path "$path $word"
        end
    end
    test "$path" = "$argv[1]"
end

complete -c cct -e
complete -c cct -f
${offers.flatMap(toLines).join('\n')}
`;
}

/** A text in single quotes, as fish reads it. */
function quoteFish(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}

function toLines({ path, commands, flags, operands }: Offer): string[] {
  const start = `complete -c cct -n ${quoteFish(`__cct_at ${quoteFish(path)}`)}`;
  const operandFlags = toValueFlags(operands).replace(/^-[rx] /, operands === 'file' ? '' : '-f ');
  return [
    ...commands.map(({ name, description }) => `${start} -f -a ${name} -d ${quoteFish(description)}`),
    ...flags.map((flag) => `${start} ${toNames(flag)}${toValueFlags(flag.takes)} -d ${quoteFish(flag.description)}`),
    ...(operands === 'nothing' || operands === 'text' ? [] : [`${start} ${operandFlags}`]),
  ];
}

function toNames({ long, short }: OfferedFlag): string {
  return [short === undefined ? '' : `-s ${short.slice(1)}`, long === undefined ? '' : `-l ${long.slice(2)}`]
    .filter((text) => text !== '')
    .join(' ');
}

function toValueFlags(takes: Taken): string {
  switch (takes) {
    case 'nothing':
      return '';
    case 'file':
      return ' -r -F';
    case 'file-or-sample':
      return ' -r -F -a sample';
    case 'directory':
      return " -x -a '(__fish_complete_directories)'";
    case 'text':
      return ' -x';
    default:
      return ` -x -a ${quoteFish(takes.join(' '))}`;
  }
}
