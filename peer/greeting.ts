import type { Hello } from '../proxy/wire/hello.js';
import type { Claims } from './outgoing.js';

/** The other peer's HELLO, with all that it says of itself. */
export interface Greeting extends Hello {
  /** Whether it sends `REST:REQUEST`s [HELLO-5]; undefined where it does not say. */
  readonly asks?: boolean;
  /** Whether it answers them; undefined where it does not say. */
  readonly answers?: boolean;
  /** How many requests it works on at one time; undefined where it does not say. */
  readonly concurrency?: number;
}

/** Adds the fields that only peers look at to a HELLO that was read. `data` is the message; the reading has shown that it is JSON. */
export function greetingOf(hello: Hello, data: Buffer): Greeting {
  const { message } = JSON.parse(data.toString('utf8')) as { message: Record<string, unknown> };
  const { asks, answers, concurrency } = message;
  return {
    ...hello,
    ...(typeof asks === 'boolean' && { asks }),
    ...(typeof answers === 'boolean' && { answers }),
    ...(typeof concurrency === 'number' && concurrency >= 1 && { concurrency }),
  };
}

/** The reason why nothing can come of a pair, for people; undefined where something may. */
export function mismatch(own: Claims, other: Greeting): string | undefined {
  if (own.answers === false && other.answers === false) {
    return 'a bridge as this one is: neither answers requests, so that every call gets 502 not_served; have one side be a gateway';
  }
  if (own.asks === false && other.asks === false) {
    return 'a gateway as this one is: neither sends requests; have one side be a bridge';
  }
  return undefined;
}
