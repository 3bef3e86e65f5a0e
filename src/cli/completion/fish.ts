import type { CompletionSpec, Value } from './spec.ts';

/** A completion script for fish 3 and newer. */
export function toFish(specs: readonly CompletionSpec[]): string {
  const valued = specs.flatMap(({ path, flags }) =>
    flags.flatMap(({ names, value }) => (value ? names.map((name) => quoteFish(`${path} ${name}`)) : [])),
  );
  return `# Completions of cct for fish. Use them with: cct completion fish | source

set -g __cct_paths ${specs.map(({ path }) => quoteFish(path)).join(' ')}
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
${specs.flatMap(toLines).join('\n')}
`;
}

/** A text in single quotes, as fish reads it. */
function quoteFish(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}

function toLines({ path, commands, flags, operands }: CompletionSpec): string[] {
  const start = `complete -c cct -n ${quoteFish(`__cct_at ${quoteFish(path)}`)}`;
  return [
    ...commands.map(({ name, description }) => `${start} -f -a ${name} -d ${quoteFish(description)}`),
    ...flags.map(({ names, description, value }) => {
      const flagNames = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
      return [start, ...flagNames, ...toOptions(value), '-d', quoteFish(description)].join(' ');
    }),
    ...(operands ? [[start, ...toOptions(operands)].join(' ')] : []),
  ];
}

function toOptions(value: Value | undefined): string[] {
  if (!value) return [];
  if (value.paths === 'directory') return ['-x', '-a', "'(__fish_complete_directories)'"];
  return [...(value.paths ? ['-r', '-F'] : ['-x']), ...(value.words.length > 0 ? ['-a', quoteFish(value.words.join(' '))] : [])];
}
