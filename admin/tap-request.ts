import type { TapSessionRequest } from '../proxy/control/generated/micronets/wsproxy/control/v1/TapSessionRequest.js';
import type { TapFlags } from './tap.js';

/** Asks for the tap of a session, by its resource name, as the flags want it. */
export function tapRequest(name: string, { bodies, maxBody }: TapFlags): TapSessionRequest {
  return { name, include_bodies: bodies === true, max_body_bytes: maxBody ?? 0 };
}
