import { CertsFailure } from './failure.js';

/** One block of a PEM file (RFC 7468). */
export interface PemBlock {
  /** What stands between `BEGIN` and the dashes, for example `CERTIFICATE` or `EC PRIVATE KEY`. */
  readonly label: string;
  /** The block alone, from `-----BEGIN` to the end of its `-----END` line, with one newline at its end. */
  readonly pem: string;
  /** The decoded content. Of a block with RFC 1421 headers (an encrypted legacy key) the ciphertext. */
  readonly der: Uint8Array;
  /** Line of the `BEGIN`, from 1. */
  readonly line: number;
  /** True when the content is encrypted: `ENCRYPTED PRIVATE KEY`, or an RFC 1421 `Proc-Type: 4,ENCRYPTED` header. */
  readonly encrypted: boolean;
}

/** Longest text that is read, in UTF-16 units: room for a list of some 100,000 revoked certificates. */
export const MAX_PEM_LENGTH = 16 * 1024 * 1024;

const BOUNDARY = /^-----(BEGIN|END) ([A-Z0-9](?:[A-Z0-9 .-]{0,62}[A-Z0-9])?)-----$/;
const HEADER = /^[A-Za-z][A-Za-z0-9-]*:/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

interface OpenBlock {
  readonly label: string;
  readonly line: number;
  readonly lines: string[];
}

/**
 * Splits the text of a PEM file into its blocks, in order. Text around blocks, CRLF, blank lines and trailing space are
 * ignored, and every label is let through (`EC PARAMETERS` too): choosing is the caller's part.
 *
 * @param text the file's content
 * @param where what errors call it, usually the file's name
 * @throws CertsFailure naming the line when a block is not closed, is closed by another label, or isn't base64
 */
export function splitPem(text: string, where: string): PemBlock[] {
  if (text.length > MAX_PEM_LENGTH)
    throw new CertsFailure(`${where}: larger than ${MAX_PEM_LENGTH} bytes; not a PEM file`);
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
      if (open !== undefined) throw unclosed(where, open);
      open = { label, line: index + 1, lines: [] };
      continue;
    }
    if (open?.label !== label) throw strayEnd(where, index + 1, label, open);
    blocks.push(closeBlock(where, open));
    open = undefined;
  }
  if (open !== undefined) throw unclosed(where, open);
  return blocks;
}

/** Joins blocks to one text, in the order given. */
export function joinPem(blocks: readonly PemBlock[]): string {
  return blocks.map((block) => block.pem).join('');
}

function closeBlock(where: string, open: OpenBlock): PemBlock {
  const { label, line, lines } = open;
  // RFC 1421 headers, if any, end at the first blank line.
  const headers = HEADER.test(lines[0] ?? '') ? lines.slice(0, lines.indexOf('') + 1) : [];
  const body = lines.slice(headers.length).join('');
  if (body === '' || !BASE64.test(body)) {
    throw new CertsFailure(`${where}: line ${line}: the ${label} block is not base64; copy the file again`);
  }
  const encrypted = label.startsWith('ENCRYPTED ') || headers.some((header) => /^Proc-Type:.*ENCRYPTED/.test(header));
  const pem = `-----BEGIN ${label}-----\n${lines.filter((text, at) => text !== '' || at < headers.length).join('\n')}\n-----END ${label}-----\n`;
  return { label, pem, der: Buffer.from(body, 'base64'), line, encrypted };
}

function unclosed(where: string, open: OpenBlock): CertsFailure {
  return new CertsFailure(`${where}: line ${open.line}: the ${open.label} block has no end; copy the whole file again`);
}

function strayEnd(where: string, line: number, label: string, open: OpenBlock | undefined): CertsFailure {
  const inside = open === undefined ? 'without a BEGIN' : `inside the ${open.label} block of line ${open.line}`;
  return new CertsFailure(`${where}: line ${line}: END ${label} ${inside}; copy the file again`);
}
