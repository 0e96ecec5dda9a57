import { Metadata } from '@grpc/grpc-js';
import { BLOCK_HEADER, HOP_HEADER, OWNER_HEADER } from '../../ports/hop-headers.js';

/** Headers that are passed on with a call: those of the edge, which say who the caller is, and the caller's trace. */
export const PASSED =
  /^(?:x-peer-[a-z-]+|x-forwarded-for|x-forwarded-client-cert|x-request-id|traceparent|tracestate)$/;

/** A call that one replica makes on another in a client's name; the other one answers for itself alone. */
export interface Hop {
  /** Incarnation of the replica that makes the call. */
  readonly from: string;
  /** Incarnation that is expected to answer. */
  readonly to: string;
}

/** Makes the headers of a hop: those of the caller as the edge wrote them, and the hop's own. */
export function hopHeaders(caller: Metadata, { from, to }: Hop): Metadata {
  const headers = new Metadata();
  const names = Object.keys(caller.getMap()).filter((one) => one === BLOCK_HEADER || PASSED.test(one));
  for (const name of names) {
    for (const value of caller.get(name)) headers.add(name, value);
  }
  headers.set(HOP_HEADER, from);
  headers.set(OWNER_HEADER, to);
  return headers;
}

/** Reads the hop in a call's headers; undefined where a client itself makes the call. */
export function hopIn(headers: Metadata): Hop | undefined {
  const [from] = headers.get(HOP_HEADER);
  const [to = ''] = headers.get(OWNER_HEADER);
  return from === undefined ? undefined : { from: String(from), to: String(to) };
}
