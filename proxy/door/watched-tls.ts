import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:tls';
import { WatchedFile } from '../policy/lists/watched-file.js';
import type { Clock } from '../ports/clock.js';
import { MIN_TLS_VERSION } from '../transport/mutual-tls.js';
import { ListenError } from './listen.js';
import { MAX_TLS_FILE_BYTES, type ReadTls, timeFault } from './tls-files.js';

/** Hears of the files of mutual TLS. */
export interface TlsObserver {
  /** At the start, and whenever other files count. */
  read(tls: ReadTls): void;
  /** The files cannot be used as they are now, and those before go on counting. */
  refused(why: string): void;
}

export interface WatchedTlsParts {
  /** Reads all of the files. Throws a ListenError that names the one that cannot be used. */
  readonly read: () => Promise<ReadTls | undefined>;
  readonly clock: Clock;
  readonly observer: TlsObserver;
}

/** Time after a change until the files are read: a certificate and its key are two changes, milliseconds. */
const SETTLE = 500;

/**
 * The mutual TLS of a listener by files that are watched, as whoever issues certificates replaces them while the service runs. What is renewed
 * counts from the next handshake on; connections stay. Files that do not fit each other change nothing.
 */
export class WatchedTls {
  readonly #parts: WatchedTlsParts;
  readonly #servers = new Set<Server>();
  readonly #watched: WatchedFile[] = [];
  #present: ReadTls;
  #cancel: () => void = () => {};

  private constructor(parts: WatchedTlsParts, first: ReadTls) {
    this.#parts = parts;
    this.#present = first;
  }

  /** Reads the files and watches them from then on. Undefined where there is no TLS; throws a ListenError for files that cannot be used. */
  static async open(parts: WatchedTlsParts): Promise<WatchedTls | undefined> {
    const first = await parts.read();
    if (first === undefined) return undefined;
    const opened = new WatchedTls(parts, first);
    const soon = (): void => opened.#renewSoon();
    for (const file of first.files) {
      const [watched] = await WatchedFile.open(file, MAX_TLS_FILE_BYTES, { changed: soon, unreadable: soon });
      opened.#watched.push(watched);
    }
    parts.observer.read(first);
    return opened;
  }

  /** What counts now: another object after each renewal. */
  get present(): ReadTls {
    return this.#present;
  }

  /** Has a server that was made with `present` take up what is renewed. */
  keep(server: Server): void {
    this.#servers.add(server);
  }

  close(): void {
    this.#cancel();
    for (const file of this.#watched) file.close();
  }

  #renewSoon(): void {
    this.#cancel();
    this.#cancel = this.#parts.clock.after(SETTLE, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const { read, clock, observer } = this.#parts;
    try {
      const fresh = await read();
      if (fresh === undefined) return;
      const fault = faultOfPair(fresh) ?? timeFault(fresh, clock.now() / 1000);
      if (fault !== undefined) return observer.refused(fault);
      const { cert, key, ca } = fresh;
      for (const server of this.#servers) {
        (server as unknown as TlsServer).setSecureContext({ cert, key, ca, minVersion: MIN_TLS_VERSION });
      }
      this.#present = fresh;
      observer.read(fresh);
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
      observer.refused(error.message);
    }
  }
}

/** The reason for which a certificate and a key are no pair; undefined where they are. */
function faultOfPair({ cert, key }: ReadTls): string | undefined {
  try {
    if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return undefined;
    return 'the certificate is not that of the key';
  } catch (error) {
    return `the key cannot be read: ${(error as Error).message}`;
  }
}
