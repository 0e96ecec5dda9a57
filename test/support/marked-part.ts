/**
 * The document with a part put between the lines `<!-- NAME: begin; … -->` and `<!-- NAME: end -->`; throws when that place is missing. What
 * stands there before is replaced.
 */
export function withPart(document: string, name: string, part: string): string {
  const begin = new RegExp(`^<!-- ${name}: begin;.*-->$`, 'm').exec(document);
  const end = document.indexOf(`<!-- ${name}: end -->`);
  if (begin === null || end < begin.index) throw new Error(`the document has no place for the mark ${name}`);
  return `${document.slice(0, begin.index + begin[0].length)}\n\n${part}\n\n${document.slice(end)}`;
}
