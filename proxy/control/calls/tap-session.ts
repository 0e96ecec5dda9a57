import type { Clock } from '../../ports/clock.js';
import type { Overview } from '../../session/views/overview.js';
import type { TapSessionRequest__Output } from '../generated/micronets/wsproxy/control/v1/TapSessionRequest.js';
import type { TapSessionResponse } from '../generated/micronets/wsproxy/control/v1/TapSessionResponse.js';
import type { Caller, Gate } from '../rpc/caller.js';
import { badField } from '../rpc/fault.js';
import type { Outlet } from '../rpc/outlet.js';
import type { Slots } from '../rpc/slots.js';
import { sessionNamed } from '../sessions/resource.js';
import { Tap } from './tap.js';
import type { Taps } from './taps.js';

/** Longest life of a tap, milliseconds. */
const TAP_TIME = 3_600_000;
/** Silence after which an empty response is sent, milliseconds, so that nobody on the way takes the stream for dead. */
const TAP_HEARTBEAT = 10_000;
/** Bytes of a body that are shown: when the request does not say, and at most. */
const BODY_BYTES = { usual: 4096, most: 65_536 };

export interface TapParts {
  readonly overview: Overview;
  readonly taps: Taps;
  readonly slots: Slots;
  readonly gate: Gate;
  readonly clock: Clock;
}

/** TapSession: shows a session's messages to one client for as long as it keeps up. Throws Fault. */
export function tapSession(
  parts: TapParts,
  request: TapSessionRequest__Output,
  outlet: Outlet<TapSessionResponse>,
  caller: Caller,
): void {
  if (request.include_bodies) parts.gate.demand(caller, 'tap-bodies', 'TapSession with include_bodies');
  const { max_body_bytes: asked } = request;
  if (asked < 0) throw badField('max_body_bytes', `must be from 0 (${BODY_BYTES.usual}) to ${BODY_BYTES.most}`);
  const shown = Math.min(asked === 0 ? BODY_BYTES.usual : asked, BODY_BYTES.most);
  const { uid } = sessionNamed(parts.overview, request.name)();
  parts.slots.hold(caller, outlet, 'TAPS_FULL', 'too many taps, in all or of this certificate');

  let isWaking = false;
  const wake = (): void => {
    if (isWaking) return;
    isWaking = true;
    // The relay goes on first; the messages that it showed are read later.
    setImmediate(() => {
      isWaking = false;
      outlet.attempt(pump);
    });
  };
  const tap = new Tap(parts.clock, request.include_bodies ? shown : 0, wake);
  const pump = (): void => {
    while (outlet.ready) {
      const message = tap.take();
      if (message === undefined) break;
      outlet.write(message);
    }
    if (tap.isDone) outlet.end();
  };
  outlet.onReady = pump;
  outlet.onceStopped(parts.taps.attach(uid, tap));
  outlet.onceStopped(parts.clock.after(TAP_TIME, () => outlet.end()));
  outlet.onceStopped(
    parts.clock.every(TAP_HEARTBEAT, () => {
      if (outlet.ready) outlet.write({});
    }),
  );
  outlet.begin();
}
