import type { Clock } from '../../ports/clock.js';
import { type Hello, readHello } from '../../wire/hello.js';
import type { Peer } from './peer.js';

export interface GreetingBounds {
  /** Time for the first message, milliseconds. */
  readonly helloTimeout: number;
  /** Size of the first message, bytes. */
  readonly helloMaxBytes: number;
}

/** Gets the HELLO and its bytes. The bytes are valid only during the call. */
export type HelloListener = (hello: Hello, data: Buffer) => void;

/**
 * The handshake of one peer under one deadline: its first message must be a HELLO [HELLO-1, HELLO-3]. Then `greeted` is
 * called, once; otherwise the peer is ended with the reason. Its state stops the clock.
 */
export function greet(peer: Peer, clock: Clock, bounds: GreetingBounds, greeted: HelloListener): void {
  const cancel = clock.after(bounds.helloTimeout, () =>
    peer.end('hello_timeout', `${bounds.helloTimeout / 1000} seconds`),
  );
  peer.receiver = {
    message: (data) => {
      cancel();
      peer.counters.messagesIn += 1;
      peer.counters.bytesIn += data.length;
      const reading = readHello(data, bounds.helloMaxBytes);
      if ('refused' in reading) peer.end('hello_invalid', reading.refused);
      else greeted(reading.ok, data);
    },
    progress: () => {},
  };
  peer.owesHello(cancel);
}
