/** A number as a document writes it, with its unit where it has one: `15 000`, `1,024`, `4 MiB`, `30 s`, `5 min`. */
const VALUE = /(\d{1,3}(?:[ ,]\d{3})+|\d+)(?: ?(ms|s|min|h|KiB|MiB|GiB)\b)?/g;
/** Flags in brackets behind their values, `30 s (`--timeout`)`, several in the order of the values. */
const BEHIND = /([^|()\n]*)\((`--[a-z-]+`(?:, `--[a-z-]+`)*)\)/g;
/** A flag with its value in brackets: `--timeout` (30 s). */
const BEFORE = /`--([a-z-]+)` \(([\d][^)]*)\)/g;
/** An option of the protocol, in italics: _helloTimeout_ (10 s), _pathPrefix_ (`/a/`). */
const ITALIC = /_([a-zA-Z]+)_ \(([^)]*)\)/g;

/** The default that a document states for an option. */
export interface StatedDefault {
  /** The flag without its dashes, or the key of the option. */
  readonly name: string;
  readonly value: string;
}

/** Every default that the text states beside the name of its option. */
export function statedIn(text: string): StatedDefault[] {
  const behind = [...text.matchAll(BEHIND)].flatMap(([, before = '', flags = '']) => {
    const names = [...flags.matchAll(/--([a-z-]+)/g)].map(([, name = '']) => name);
    const values = valuesIn(before).slice(-names.length);
    return values.length < names.length ? [] : names.map((name, at) => ({ name, value: values[at] ?? '' }));
  });
  const after = [...text.matchAll(BEFORE), ...text.matchAll(ITALIC)].map(([, name = '', value = '']) => {
    const [, text] = /^`([^`]+)`$/.exec(value) ?? [];
    return { name, value: text ?? valuesIn(value)[0] ?? value };
  });
  return [...behind, ...after];
}

/** The values in a text in the form of options: `15000`, `4MiB`. */
function valuesIn(text: string): string[] {
  return [...text.matchAll(VALUE)].map(([, number = '', unit = '']) => {
    return number.replaceAll(/[ ,]/g, '') + (unit === 'min' ? 'm' : unit);
  });
}
