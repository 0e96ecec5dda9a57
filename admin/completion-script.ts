import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The words that can follow a command path: its sub-commands, then its flags. Words are of letters, digits and dashes only. */
interface Choice {
  /** Names of the commands on the way, without the program's. */
  readonly path: readonly string[];
  readonly words: readonly { readonly word: string; readonly meaning: string }[];
}

/** The script that makes a shell complete the program's commands and flags. */
export function scriptFor(shell: Shell, program: Command): string {
  const choices = choicesOf(program, []);
  const name = program.name();
  if (shell === 'fish') return fish(name, choices);
  return shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${bash(name, choices)}` : bash(name, choices);
}

function choicesOf(command: Command, path: readonly string[]): readonly Choice[] {
  const help = command.createHelp();
  const below = help.visibleCommands(command).filter((one) => one.name() !== 'help');
  const words = [
    ...below.map((one) => ({ word: one.name(), meaning: one.description() })),
    ...help.visibleOptions(command).map((one) => ({ word: one.long ?? one.short ?? '', meaning: one.description })),
  ];
  return [{ path, words }, ...below.flatMap((one) => choicesOf(one, [...path, one.name()]))];
}

/** The path so far is the words before the cursor that are no flags; the longest known path decides. */
function bash(name: string, choices: readonly Choice[]): string {
  const identifier = name.replaceAll('-', '_');
  const cases = choices
    .map(({ path, words }) => `    '${path.join(' ')}') words='${words.map(({ word }) => word).join(' ')}' ;;`)
    .join('\n');
  return `_${identifier}_words() {
  case "$1" in
${cases}
    *) return 1 ;;
  esac
}
_${identifier}() {
  local path='' word words=''
  _${identifier}_words ''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) continue ;; esac
    _${identifier}_words "\${path:+$path }$word" && path="\${path:+$path }$word"
  done
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  if [ "\${#COMPREPLY[@]}" -eq 0 ]; then COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")); fi
}
complete -F _${identifier} ${name}
`;
}

function fish(name: string, choices: readonly Choice[]): string {
  const lines = choices.flatMap(({ path, words }) => {
    const below = words.filter(({ word }) => !word.startsWith('-')).map(({ word }) => word);
    const here = [
      ...path.map((one) => `__fish_seen_subcommand_from ${one}`),
      ...(below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.join(' ')}`]),
    ].join('; and ');
    const condition = here === '' ? '' : ` -n '${here}'`;
    return words.map(({ word, meaning }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c ${name}${condition} ${what} -d '${meaning.replaceAll(/['\\]/g, '\\$&')}'`;
    });
  });
  return `${lines.join('\n')}\n`;
}
