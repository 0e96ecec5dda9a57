import type { Hello } from '../proxy/wire/hello.js';
import type { Claims } from './outgoing.js';

/** What the other peer said of itself. */
export interface Greeting extends Hello {
  /** Whether it sends `REST:REQUEST`s, and whether it answers them [HELLO-5]; undefined where it does not say. */
  readonly asks?: boolean;
  readonly answers?: boolean;
}

/** Completes a HELLO that was read by the fields that only peers look at. `data` is the message, JSON as the reading has shown. */
export function greetingOf(hello: Hello, data: Buffer): Greeting {
  const { message } = JSON.parse(data.toString('utf8')) as { message: Record<string, unknown> };
  const { asks, answers } = message;
  return {
    ...hello,
    ...(typeof asks === 'boolean' && { asks }),
    ...(typeof answers === 'boolean' && { answers }),
  };
}

/** Why a pair is none that anything can come of, for people; undefined where it may be one. */
export function mismatch(own: Claims, other: Greeting): string | undefined {
  if (own.answers === false && other.answers === false) {
    return 'a bridge as this one is: neither answers requests, so that every call gets 502 not_served; have one side be a gateway';
  }
  if (own.asks === false && other.asks === false) {
    return 'a gateway as this one is: neither sends requests; have one side be a bridge';
  }
  return undefined;
}
