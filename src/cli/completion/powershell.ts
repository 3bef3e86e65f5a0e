import type { CompletionSpec } from './spec.ts';

/** A completion script for PowerShell 5.1 and newer. If it has no completions, PowerShell itself completes files. */
export function toPowerShell(specs: readonly CompletionSpec[]): string {
  return `# Completions of cct for PowerShell. Use them with: cct completion powershell | Out-String | Invoke-Expression

# What can follow a command, its flags under the key that ends with --, and the values of each flag. A tab parts a word from its description.
$script:cct = @{
${specs.flatMap(toEntries).join('\n')}
}

Register-ArgumentCompleter -Native -CommandName cct -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $path = 'cct'
  $key = ''
  $ended = $false
  $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  foreach ($word in ($words | Select-Object -Skip 1)) {
    if ($key) { $key = '' }
    elseif ($ended) { }
    elseif ($word -eq '--') { $ended = $true }
    elseif (-not $script:cct.ContainsKey("$path $word")) { }
    elseif ($word -like '-*') { $key = "$path $word" }
    else { $path = "$path $word" }
  }
  if (-not $key -and -not $ended -and $wordToComplete -like '-*') { $key = "$path --" }
  if (-not $key) { $key = $path }
  $script:cct[$key] | Where-Object { $_ -and $_ -like "$wordToComplete*" } | ForEach-Object {
    $name, $text = $_ -split "\`t"
    if (-not $text) { $text = $name }
    [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $text)
  }
}
`;
}

/** A text in single quotes, as PowerShell reads it. */
function quotePs(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function toEntries({ path, commands, flags, operands }: CompletionSpec): string[] {
  const toEntry = (key: string, items: readonly string[]) => `  ${quotePs(key)} = @(${items.map(quotePs).join(', ')})`;
  const followers = commands.map(({ name, description }) => `${name}\t${description}`);
  const named = flags.flatMap(({ names, description }) => names.map((name) => `${name}\t${description}`));
  const values = flags.flatMap(({ names, value }) => (value ? names.map((name) => toEntry(`${path} ${name}`, value.words)) : []));
  return [toEntry(path, [...followers, ...(operands?.words ?? [])]), toEntry(`${path} --`, named), ...values];
}
