import { connect } from 'node:net';
import { clientHello, EXTENSION, type Offer, VERSIONS, type Version } from './client-hello.js';

/** The offers of a client that a listener takes. */
export interface TlsReport {
  /** For each version that is spoken its cipher suites as hex code points, the server's first choice first. */
  readonly suites: Readonly<Partial<Record<Version, readonly string[]>>>;
  /** Names of weaknesses. */
  readonly weaknesses: readonly string[];
}

/** The answer to a ClientHello: a ServerHello, or none. */
interface Answer {
  readonly version: number;
  readonly suite: number;
  readonly compression: number;
  readonly extensions: ReadonlySet<number>;
}

/** Milliseconds for an answer; a refusal comes at once. */
const ANSWER_MS = 10_000;
const HANDSHAKE = 22;
const SERVER_HELLO = 2;
/** Suites in one offer: servers bound the size of a ClientHello. */
const OFFERED = 200;

/** Every code point that was ever a suite: SSLv3 to TLS 1.2 with the elliptic and the ChaCha ones, and those of TLS 1.3. */
const OLD = [...range(0x0001, 0x00c5), ...range(0xc001, 0xc0b4), ...range(0xcca8, 0xccae)];
const NEW = range(0x1301, 0x1305);

/** Asks a listener on loopback for everything, one handshake after another. */
export async function tlsReport(port: number): Promise<TlsReport> {
  const suites: Partial<Record<Version, readonly string[]>> = {};
  const weaknesses = new Set<string>();
  for (const version of Object.keys(VERSIONS) as Version[]) {
    const taken = await suitesOf(port, version, weaknesses);
    if (taken.length > 0) suites[version] = taken;
  }
  const squeezed = await offer(port, { version: 'TLSv1.2', suites: OLD.slice(-OFFERED), compressions: [1, 0] });
  if (squeezed !== undefined && squeezed.compression !== 0) weaknesses.add('compression');
  return { suites, weaknesses: [...weaknesses].sort() };
}

async function suitesOf(port: number, version: Version, weaknesses: Set<string>): Promise<readonly string[]> {
  const taken: string[] = [];
  const all = version === 'TLSv1.3' ? NEW : OLD;
  for (let from = 0; from < all.length; from += OFFERED) {
    let left = all.slice(from, from + OFFERED);
    for (;;) {
      const answer = left.length === 0 ? undefined : await offer(port, { version, suites: left });
      if (answer === undefined || answer.version !== VERSIONS[version]) break;
      note(answer, version, weaknesses);
      taken.push(answer.suite.toString(16).padStart(4, '0'));
      left = left.filter((suite) => suite !== answer.suite);
    }
  }
  return taken;
}

function note({ extensions }: Answer, version: Version, weaknesses: Set<string>): void {
  if (extensions.has(EXTENSION.heartbeat)) weaknesses.add('heartbeat');
  if (version === 'TLSv1.3') return;
  if (!extensions.has(EXTENSION.renegotiationInfo)) weaknesses.add('insecure renegotiation');
  if (!extensions.has(EXTENSION.extendedMasterSecret)) weaknesses.add('no extended master secret');
  if (extensions.has(EXTENSION.sessionTicket)) weaknesses.add('session tickets');
}

/** One handshake up to the server's first message. */
function offer(port: number, wish: Offer): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(clientHello(wish)));
    let bytes: Buffer = Buffer.alloc(0);
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('no answer to a ClientHello')));
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < 5 || bytes.length < 5 + bytes.readUInt16BE(3)) return;
      resolve(bytes[0] === HANDSHAKE && bytes[5] === SERVER_HELLO ? answerIn(bytes.subarray(9)) : undefined);
      socket.destroy();
    });
    // A server may hang up in place of an alert.
    socket.on('error', (error: Error & { code?: string }) =>
      error.code === 'ECONNRESET' ? resolve(undefined) : reject(error),
    );
    socket.on('close', () => resolve(undefined));
  });
}

/** A ServerHello behind its four bytes of head (RFC 8446 §4.1.3). */
function answerIn(hello: Buffer): Answer {
  const at = 35 + (hello[34] ?? 0);
  const extensions = new Map<number, Buffer>();
  const end = hello.length < at + 5 ? 0 : at + 5 + hello.readUInt16BE(at + 3);
  for (let next = at + 5; next + 4 <= end; ) {
    const length = hello.readUInt16BE(next + 2);
    extensions.set(hello.readUInt16BE(next), hello.subarray(next + 4, next + 4 + length));
    next += 4 + length;
  }
  const chosen = extensions.get(EXTENSION.supportedVersions);
  return {
    version: chosen === undefined ? hello.readUInt16BE(0) : chosen.readUInt16BE(0),
    suite: hello.readUInt16BE(at),
    compression: hello[at + 2] ?? 0,
    extensions: new Set(extensions.keys()),
  };
}

function range(from: number, below: number): number[] {
  return Array.from({ length: below - from }, (_, at) => from + at);
}
