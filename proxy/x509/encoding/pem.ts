import { bufferOf } from './der.js';

/** One block of a PEM file (RFC 7468). */
export interface PemBlock {
  /** The text between `BEGIN` and the dashes, for example `CERTIFICATE` or `EC PRIVATE KEY`. */
  readonly label: string;
  /** The block alone, from `-----BEGIN` to the end of its `-----END` line, with one newline at its end. */
  readonly pem: string;
  /** The decoded content. In a block with RFC 1421 headers (an encrypted legacy key) it is the ciphertext. */
  readonly der: Uint8Array;
  /** The line of the `BEGIN`, from 1. */
  readonly line: number;
  /** True when the content is encrypted: `ENCRYPTED PRIVATE KEY`, or an RFC 1421 `Proc-Type: 4,ENCRYPTED` header. */
  readonly encrypted: boolean;
}

/** A fault of a PEM text, with its line; the message is for people. */
export class PemFault extends Error {}

/** Longest text that `splitPem` reads, in UTF-16 units: room for a list of some 100,000 revoked certificates. */
export const MAX_PEM_LENGTH = 16 * 1024 * 1024;

const BOUNDARY = /^-----(BEGIN|END) ([A-Z0-9](?:[A-Z0-9 .-]{0,62}[A-Z0-9])?)-----$/;
const HEADER = /^[A-Za-z][A-Za-z0-9-]*:/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

interface OpenBlock {
  readonly label: string;
  readonly line: number;
  readonly lines: string[];
}

/**
 * Splits the text of a PEM file into its blocks, in order. Text around blocks, CRLF, blank lines and trailing space are ignored. Every
 * label passes (`EC PARAMETERS` too), because the caller chooses.
 *
 * @throws PemFault naming the line when a block is not closed, is closed by another label, or isn't base64
 */
export function splitPem(text: string): PemBlock[] {
  if (text.length > MAX_PEM_LENGTH) throw new PemFault(`larger than ${MAX_PEM_LENGTH} bytes; not a PEM file`);
  const blocks: PemBlock[] = [];
  let open: OpenBlock | undefined;
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = raw.trim();
    const boundary = BOUNDARY.exec(line);
    if (boundary === null) {
      open?.lines.push(line);
      continue;
    }
    const [, edge, label = ''] = boundary;
    if (edge === 'BEGIN') {
      if (open !== undefined) throw unclosed(open);
      open = { label, line: index + 1, lines: [] };
      continue;
    }
    if (open?.label !== label) throw strayEnd(index + 1, label, open);
    blocks.push(closeBlock(open));
    open = undefined;
  }
  if (open !== undefined) throw unclosed(open);
  return blocks;
}

/** Joins blocks to one text, in the order given. */
export function joinPem(blocks: readonly PemBlock[]): string {
  return blocks.map((block) => block.pem).join('');
}

function closeBlock(open: OpenBlock): PemBlock {
  const { label, line, lines } = open;
  // RFC 1421 headers, if any, end at the first blank line.
  const headers = HEADER.test(lines[0] ?? '') ? lines.slice(0, lines.indexOf('') + 1) : [];
  const body = lines.slice(headers.length).join('');
  if (body.length % 4 !== 0 || !BASE64.test(body)) {
    throw new PemFault(`line ${line}: the ${label} block is not base64; copy the file again`);
  }
  const encrypted = label.startsWith('ENCRYPTED ') || headers.some((header) => /^Proc-Type:.*ENCRYPTED/.test(header));
  const pem = `-----BEGIN ${label}-----\n${lines.filter((text, at) => text !== '' || at < headers.length).join('\n')}\n-----END ${label}-----\n`;
  return { label, pem, der: Buffer.from(body, 'base64'), line, encrypted };
}

function unclosed(open: OpenBlock): PemFault {
  return new PemFault(`line ${open.line}: the ${open.label} block has no end; copy the whole file again`);
}

function strayEnd(line: number, label: string, open: OpenBlock | undefined): PemFault {
  const inside = open === undefined ? 'without a BEGIN' : `inside the ${open.label} block of line ${open.line}`;
  return new PemFault(`line ${line}: END ${label} ${inside}; copy the file again`);
}

/**
 * The DER of each block with this label in a PEM text (RFC 7468), in order; undefined when a block is not closed or not base64, because
 * half a file must not pass for a whole one. It suits long texts of which only one label matters: unlike `splitPem`, it does not look
 * at lines.
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
