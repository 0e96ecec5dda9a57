import { PeerConnection, type PeerOptions } from '../../peer/connection.js';
import { type FailureReason, RequestFailure } from '../../peer/request-failure.js';
import type { Socket } from '../../proxy/ports/socket.js';
import type { DialOptions } from '../../proxy/transport/dial/dial.js';
import { DialError } from '../../proxy/transport/dial/dial-error.js';
import { FakeClock } from './fake-clock.js';
import { FakeSocket } from './fake-socket.js';
import { hello } from './fixtures.js';

/** A peer on a fake network and a fake clock; each dial waits until the test lets it through. */
export class FakeNetwork {
  readonly clock = new FakeClock();
  readonly dials: { readonly options: DialOptions; open(): FakeSocket; fail(error: Error): void }[] = [];
  peer = this.make();

  make(options: Partial<PeerOptions> = {}): PeerConnection {
    return new PeerConnection({
      url: 'wss://proxy.example/micronets/v1/ws-proxy/a',
      claims: { peerClass: 'test', peerId: '1' },
      dial: (_url, dialled) => this.#dial(dialled),
      clock: this.clock,
      random: () => 0.5,
      ...options,
    });
  }

  /** Lets the last dial through. */
  async opened(): Promise<FakeSocket> {
    const socket = this.dials.at(-1)?.open();
    if (socket === undefined) throw new Error('nothing was dialled');
    await settled();
    return socket;
  }

  /** Starts a peer with the options and pairs it; the other one is a deployed peer unless its HELLO says otherwise. */
  async paired(options: Partial<PeerOptions> = {}, greeting = hello()): Promise<FakeSocket> {
    this.peer = this.make(options);
    this.peer.start();
    const socket = await this.opened();
    socket.receive(greeting);
    return socket;
  }

  #dial(options: DialOptions): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const open = (): FakeSocket => {
        const socket = new FakeSocket();
        resolve(socket);
        return socket;
      };
      options.signal?.addEventListener('abort', () => reject(new DialError('', { t: 'aborted', retry: 'now' })));
      this.dials.push({ options, open, fail: reject });
    });
  }
}

/** Lets the handlers of settled promises run. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Sent {
  readonly message: Record<string, unknown> & { readonly messageId: number; readonly messageType: string };
}

/** The messages that went out on a socket. */
export function sentBy(socket: FakeSocket): Sent['message'][] {
  return socket.texts.map((text) => (JSON.parse(text) as Sent).message);
}

/** Resolves with the reason of the request's failure; rejects when it succeeded. */
export async function failure(promise: Promise<unknown>): Promise<FailureReason> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RequestFailure) return error.reason;
    throw error;
  }
  throw new Error('the request did not fail');
}
