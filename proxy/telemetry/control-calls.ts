import type { Identity } from '../wire/identity.js';
import type { Audit } from './audit.js';
import { type Gauges, rpcCodeNamed } from './gauges.js';

/** A call of the control API after it ended, as that layer tells it. */
export interface ControlCall {
  /** `/package.Service/Method`. */
  readonly method: string;
  readonly caller?: Identity;
  /** Name of the gRPC status code. */
  readonly code: string;
  readonly message?: string;
  readonly request: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly duration: number;
  readonly requestId: string;
}

/** Takes the control API's calls: each is counted, and written down where there is an audit log. */
export function controlCalls(gauges: Gauges, audit: Audit | undefined): { record(call: ControlCall): void } {
  return {
    record: ({ method, caller, code, message, request, duration, requestId }) => {
      gauges.rpc(method.slice(1), rpcCodeNamed(code), duration / 1000);
      const by = caller === undefined ? {} : { by: caller };
      const ids = requestId === '' ? {} : { request: requestId };
      audit?.record({
        act: actOf(method),
        ...by,
        code,
        detail: message,
        ...ids,
        asked: request,
        duration_ms: Math.round(duration),
      });
    },
  };
}

/** `/package.Service/KickSession` → `kick_session`. */
function actOf(method: string): string {
  const name = method.slice(method.lastIndexOf('/') + 1);
  return name.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
