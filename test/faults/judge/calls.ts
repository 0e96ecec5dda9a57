import type { Seat } from './history.js';
import type { ToldConnection } from './told-connection.js';

/** One call, by however many requests it was made. */
export interface MadeCall {
  readonly seat: Seat;
  /** When it was first made. */
  readonly at: number;
  /** Milliseconds until it was answered; undefined where it never was. */
  readonly wait: number | undefined;
}

/** All calls of these connections. A request that names no call is one by itself. */
export function madeCalls(all: readonly ToldConnection[]): readonly MadeCall[] {
  const calls = new Map<string, { readonly seat: Seat; at: number; answeredAt: number | undefined }>();
  for (const { on, seat, sent, received } of all) {
    const answers = new Map(received.map(({ answers: id, at }) => [id, at]));
    for (const { kind, id, at, call = `${on} ${id}` } of sent.values()) {
      if (kind !== 'request') continue;
      const made = calls.get(call) ?? { seat, at, answeredAt: undefined };
      calls.set(call, made);
      made.at = Math.min(made.at, at);
      made.answeredAt ??= answers.get(id);
    }
  }
  return [...calls.values()].map(({ seat, at, answeredAt }) => {
    return { seat, at, wait: answeredAt === undefined ? undefined : answeredAt - at };
  });
}
