import { Document, visit } from 'yaml';

/** Characters that a terminal obeys or hides, or that forge a line. */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const STEERING_WITHIN = new RegExp(STEERING, 'gu');

/**
 * A value as YAML that is safe to show: a text with what steers a terminal stands in double quotes, where that is written as
 * `\uXXXX`, so it means the same to a parser.
 */
export function yamlText(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && STEERING.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  // Folded lines would put line ends into such a text.
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY });
  return text.replace(STEERING_WITHIN, (char) => (char === '\n' ? char : escaped(char)));
}

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
