import { expect } from 'chai';
import type { Command, Option } from 'commander';
import { commandLine } from '../../../cli/main.js';
import { flagOf, type OptionKey, options } from '../../../proxy/config/options.js';

/** For each word that the help of a flag has for its value: texts that the flag takes, and the error for any other text. */
const kinds: Readonly<Record<string, { readonly good: readonly string[]; readonly fault: RegExp }>> = {
  '<time>': { good: ['30s', '0.5m', '0m30s'], fault: /^It is not a duration such as 500ms, 30s, 5m, 1h30m or 7d/ },
  '<bytes>': { good: ['4096', '4KiB'], fault: /^It is not a size such as 4096, 512KiB or 4MiB\.$/ },
  '<count>': { good: ['7'], fault: /^It is not a whole number from 1\b/ },
  '<port>': { good: ['0', '5050'], fault: /^It is not a port from 0 to 65535\.$/ },
};
/** Words for quantities that no help has, so that each flag has a word of `kinds`. */
const OTHER_WORDS = /<(?:seconds|minutes|days|duration|ms|size|number|n|s)>/;

/** The options of `serve`, which are read later, also from the environment and its file; other commands that have them read them so, too. */
const later = new Set(Object.keys(options).map((key) => `--${flagOf(key as OptionKey)}`));

const flags = flagsOf(commandLine());

describe('flags that take a quantity', () => {
  it('say by one word what they take', () => {
    expect(flags.filter(({ option }) => OTHER_WORDS.test(option.flags)).map(({ name }) => name)).to.deep.equal([]);
    for (const word of Object.keys(kinds))
      expect(
        flags.filter(({ option }) => option.flags.endsWith(word)),
        word,
      ).to.not.be.empty;
  });

  for (const { name, option } of flags) {
    const kind = kinds[/<[^>]+>$/.exec(option.flags)?.[0] ?? ''];
    if (kind === undefined) continue;
    it(`${name} takes the same forms as every other, and refuses in the same words`, () => {
      const read = (text: string): unknown => option.parseArg?.(text, undefined);
      for (const text of kind.good) expect(read(text), text).to.not.equal(undefined);
      if (option.flags.endsWith('<time>')) for (const text of kind.good) expect(read(text)).to.deep.equal(read('30s'));
      expect(() => read('soon'))
        .to.throw(kind.fault)
        .with.property('code', 'commander.invalidArgument');
    });
  }
});

interface Flag {
  readonly name: string;
  readonly option: Option;
}

/** The flags of a command and its subcommands that are read where they are declared. */
function flagsOf(command: Command, path = ''): readonly Flag[] {
  const declared = command.options.filter(({ long, parseArg }) => parseArg !== undefined || !later.has(long ?? ''));
  const own = declared.map((option) => ({ name: `${path} ${option.long}`.trim(), option }));
  return [...own, ...command.commands.flatMap((below) => flagsOf(below, `${path} ${below.name()}`))];
}
