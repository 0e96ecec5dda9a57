import { bufferOf } from './der.js';

/**
 * The DER of each block with that label in a PEM text (RFC 7468), in order; undefined when a block is not closed or not
 * base64, since half a file must not pass for a whole one.
 */
export function pemBlocks(text: string, label: string): readonly Buffer[] | undefined {
  const begin = `-----BEGIN ${label}-----`;
  const end = `-----END ${label}-----`;
  const blocks: Buffer[] = [];
  for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at)) {
    const stop = text.indexOf(end, at);
    if (stop < 0) return undefined;
    const base64 = text.slice(at + begin.length, stop);
    if (/[^A-Za-z0-9+/=\s]/.test(base64)) return undefined;
    blocks.push(Buffer.from(base64, 'base64'));
    at = stop + end.length;
  }
  return blocks;
}

/** One block of PEM, with a newline at its end. */
export function pemText(label: string, der: Uint8Array): string {
  const lines =
    bufferOf(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
