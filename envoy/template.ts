/**
 * The whole of the template language: `${NAME}` stands for a value, and the lines from `# when NAME` to `# end NAME` stay or
 * go together. Both are harmless to YAML, so the files can be read, linted and edited as what they are.
 */
export interface TemplateValues {
  /** Text goes between the single quotes that the template puts round its placeholder; numbers and booleans go bare. */
  readonly values: Readonly<Record<string, string | number | boolean>>;
  readonly blocks: Readonly<Record<string, boolean>>;
}

/** A template and its values do not fit; the message names the file's line. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

const mark = /^\s*# (when|end) (\w+)$/;
const placeholder = /\$\{(\w+)\}/g;
const unprintable = /[\p{Cc}\u2028\u2029\ufeff]/u;

/** Fills the template; throws a TemplateError for a name that it does not know or a block that does not close. */
export function fill(template: string, { values, blocks }: TemplateValues): string {
  const kept: string[] = [];
  let open: string | undefined;
  for (const [index, line] of template.split('\n').entries()) {
    const [, verb, name = ''] = mark.exec(line) ?? [];
    if (verb === 'when') {
      if (open !== undefined) throw new TemplateError(`line ${index + 1}: block ${name} inside block ${open}`);
      if (blocks[name] === undefined) throw new TemplateError(`line ${index + 1}: unknown block ${name}`);
      open = name;
    } else if (verb === 'end') {
      if (open !== name) throw new TemplateError(`line ${index + 1}: end of ${name}, which is not open`);
      open = undefined;
    } else if (open === undefined || blocks[open] === true) {
      kept.push(line.replace(placeholder, (_, key: string) => insert(values[key], key, index + 1)));
    }
  }
  if (open !== undefined) throw new TemplateError(`block ${open} has no end`);
  return kept.join('\n');
}

function insert(value: string | number | boolean | undefined, key: string, line: number): string {
  if (value === undefined) throw new TemplateError(`line ${line}: unknown placeholder ${key}`);
  if (typeof value !== 'string') return String(value);
  if (unprintable.test(value)) throw new TemplateError(`the value of ${key} has a control character`);
  return value.replaceAll("'", "''");
}
