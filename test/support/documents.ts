import { execFileSync } from 'node:child_process';
import { ROOT, textOf } from './sources.js';

/** A piece of code in a document. */
export interface Snippet {
  readonly path: string;
  /** Number of its first line, from 1. */
  readonly line: number;
  readonly text: string;
}

/** The documents of the project: every Markdown file that is not ignored. */
export function documents(): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'];
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
}

/** A document's text without its blocks of code and its inline code; the number of lines stays the same. */
export function proseOf(path: string): string {
  const prose = textOf(path).replace(/^ *```[\s\S]*?^ *```$/gm, (block) => block.replace(/[^\n]/g, ''));
  return prose.replace(/`[^`\n]*`/g, '``');
}

/** The names by which a document's headings can be linked to, as GitHub makes them. */
export function anchorsOf(path: string): Set<string> {
  const text = textOf(path).replace(/^ *```[\s\S]*?^ *```$/gm, '');
  const seen = new Map<string, number>();
  return new Set(
    [...text.matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, title = '']) => {
      const words = title.toLowerCase().replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
      const name = words.replace(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-');
      const count = seen.get(name) ?? 0;
      seen.set(name, count + 1);
      return count === 0 ? name : `${name}-${count}`;
    }),
  );
}

/** Lines of shell blocks, with continued lines joined, and inline code. */
export function commandsIn(path: string): Snippet[] {
  const text = textOf(path);
  const blocks = [...text.matchAll(/^ *```(?:sh|console)?\n([\s\S]*?)^ *```$/gm)].flatMap((match) => {
    const joined = (match[1] ?? '').replace(/\\\n\s*/g, ' ');
    return joined.split('\n').map((line) => snippet(path, text, match.index, line.trim().replace(/^\$ /, '')));
  });
  const inline = [...text.replace(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/`([^`\n]+)`/g)];
  return [...blocks, ...inline.map((match) => snippet(path, text, match.index, match[1] ?? ''))];
}

function snippet(path: string, text: string, index: number, code: string): Snippet {
  return { path, line: text.slice(0, index).split('\n').length, text: code };
}

/** The shell blocks below a heading `##` of a document, up to the next one. */
export function shellOf(path: string, heading: string): string[] {
  const [, section = ''] = new RegExp(`^## ${heading}\\n(.*?)^## `, 'ms').exec(textOf(path)) ?? [];
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => text);
}
