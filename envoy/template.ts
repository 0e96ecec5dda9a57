/**
 * The whole of the template language: `"${NAME}"` stands for a value, and the lines from `# when NAME` to `# end NAME` stay or
 * go together; a block inside another stays only where both do. Both are harmless to YAML, so the files can be read, linted and edited as what they are.
 */
export interface TemplateValues {
  /** Text is escaped for the double quotes that stand round it; numbers and booleans replace the quotes too. */
  readonly values: Readonly<Record<string, string | number | boolean>>;
  readonly blocks: Readonly<Record<string, boolean>>;
}

/** A template and its values do not fit; the message names the line. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

const mark = /^\s*# (when|end) (\w+)$/;
const placeholder = /"\$\{(\w+)\}"|\$\{(\w+)\}/g;

/** Fills the template; throws a TemplateError for a name that it does not know or a block that does not close. */
export function fill(template: string, { values, blocks }: TemplateValues): string {
  const kept: string[] = [];
  const open: string[] = [];
  for (const [index, line] of template.split('\n').entries()) {
    const [, verb, name = ''] = mark.exec(line) ?? [];
    if (verb === 'when') open.push(known(name, blocks, index + 1));
    else if (verb === 'end') close(open, name, index + 1);
    else if (open.every((one) => blocks[one] === true)) kept.push(fillLine(line, values, index + 1));
  }
  if (open.length > 0) throw new TemplateError(`block ${open.at(-1)} has no end`);
  return kept.join('\n');
}

function known(name: string, blocks: TemplateValues['blocks'], line: number): string {
  if (blocks[name] === undefined) throw new TemplateError(`line ${line}: unknown block ${name}`);
  return name;
}

function close(open: string[], name: string, line: number): void {
  if (open.pop() !== name) throw new TemplateError(`line ${line}: end of ${name}, which is not the last one begun`);
}

function fillLine(text: string, values: TemplateValues['values'], line: number): string {
  return text.replace(placeholder, (_, quoted: string | undefined, bare: string | undefined) => {
    const name = quoted ?? bare ?? '';
    const value = values[name];
    if (value === undefined) throw new TemplateError(`line ${line}: unknown placeholder ${name}`);
    if (typeof value !== 'string') return String(value);
    // JSON's escapes are YAML's too, as far as they go: what JSON leaves as it is, YAML may not read.
    if (/[\p{Cc}\p{Cs}\u2028\u2029\ufeff\uffff\ufffe]/u.test(value)) {
      throw new TemplateError(`the value of ${name} has a character that can't be printed`);
    }
    const escaped = JSON.stringify(value);
    return quoted === undefined ? escaped.slice(1, -1) : escaped;
  });
}
