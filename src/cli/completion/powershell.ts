import type { Offer, Taken } from './offers.ts';
import { namesOf } from './offers.ts';

/** A completion script for PowerShell 5.1 and newer. Where it offers nothing, PowerShell itself offers files. */
export function toPowerShell(offers: readonly Offer[]): string {
  return `# Completions of cct for PowerShell. Use them with: cct completion powershell | Out-String | Invoke-Expression

$script:cctCommands = @{
${offers.map(({ path, commands }) => `  ${quotePs(path)} = @(${pairs(commands.map(({ name, description }) => [name, description]))})`).join('\n')}
}
$script:cctFlags = @{
${offers.map(({ path, flags }) => `  ${quotePs(path)} = @(${pairs(flags.flatMap((flag) => namesOf(flag).map((name) => [name, flag.description] as const)))})`).join('\n')}
}
# What flags and operands take; an operand stands under the path alone.
$script:cctTaken = @{
${offers.flatMap(takenLines).join('\n')}
}

Register-ArgumentCompleter -Native -CommandName cct -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $path = 'cct'
  $pending = ''
  $ended = $false
  $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  foreach ($word in ($words | Select-Object -Skip 1)) {
    if ($pending) { $pending = '' }
    elseif ($ended) { }
    elseif ($word -eq '--') { $ended = $true }
    elseif ($word -like '-*') { if ($script:cctTaken.ContainsKey("$path $word")) { $pending = $word } }
    elseif ($script:cctCommands.ContainsKey("$path $word")) { $path = "$path $word" }
  }
  $offered = @()
  if ($pending) { $offered = @($script:cctTaken["$path $pending"] | ForEach-Object { , @($_, $_) }) }
  elseif ($wordToComplete -like '-*' -and -not $ended) { $offered = $script:cctFlags[$path] }
  elseif ($script:cctCommands[$path].Count -gt 0) { $offered = $script:cctCommands[$path] }
  elseif ($script:cctTaken.ContainsKey($path)) { $offered = @($script:cctTaken[$path] | ForEach-Object { , @($_, $_) }) }
  $offered | Where-Object { $_ -and $_[0] -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', $_[1])
  }
}
`;
}

/** A text in single quotes, as PowerShell reads it. */
function quotePs(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

// The comma before a single pair keeps it a pair: a list of one would be taken apart.
function pairs(known: readonly (readonly [name: string, description: string])[]): string {
  const lists = known.map(([name, description]) => `@(${quotePs(name)}, ${quotePs(description)})`).join(', ');
  return known.length === 1 ? `, ${lists}` : lists;
}

function wordsOf(taken: Taken): readonly string[] {
  if (typeof taken !== 'string') return taken;
  return taken === 'file-or-sample' ? ['sample'] : [];
}

function takenLines({ path, flags, operands }: Offer): string[] {
  const words = (taken: Taken) => `@(${wordsOf(taken).map(quotePs).join(', ')})`;
  const ofFlags = flags.flatMap((flag) =>
    flag.takes === 'nothing' ? [] : namesOf(flag).map((name) => `  ${quotePs(`${path} ${name}`)} = ${words(flag.takes)}`),
  );
  return typeof operands === 'string' ? ofFlags : [...ofFlags, `  ${quotePs(path)} = ${words(operands)}`];
}
