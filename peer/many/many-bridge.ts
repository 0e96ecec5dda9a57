import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BridgeOptions } from '../bridge.js';
import { absence, BridgeCall, ofError } from '../bridge-call.js';
import { guard } from '../bridge-guard.js';
import type { BridgeRefusal } from '../bridge-refusal.js';
import { BridgeServer } from '../bridge-server.js';
import { peerClock } from '../clock.js';
import { LonelyCalls } from '../lonely-calls.js';
import { RequestFailure } from '../request-failure.js';
import type { RestResponse } from '../rest.js';
import { type SplitTarget, splitTarget } from '../target.js';
import { listRefusal } from './list-guard.js';
import type { ListedMeetup } from './listed-meetup.js';
import { CallRefused, meetupInvalid } from './many-refusal.js';
import type { MeetupPeer, Visit } from './meetup.js';
import { type Addressed, addressed, withoutMeetup } from './meetup-address.js';
import { MeetupTable, type TableBounds } from './meetup-table.js';
import { Places } from './places.js';

/** The options of a bridge, whose places are those of all meetups together, and the bounds of its meetups. */
export type ManyBridgeOptions = BridgeOptions & TableBounds;

/** A bridge for many meetups: each request says which one, the first opens it, and it is closed when nobody calls. */
export class ManyBridge {
  readonly #options: ManyBridgeOptions;
  readonly #server: BridgeServer;
  readonly #table: MeetupTable;
  readonly #places: Places;
  readonly #lonely: LonelyCalls;

  /** @param dial makes a connection to the meetup of that id, not started */
  constructor(dial: (id: string) => MeetupPeer, options: ManyBridgeOptions) {
    this.#options = options;
    this.#table = new MeetupTable(options, peerClock, dial);
    this.#places = new Places(options, peerClock);
    this.#lonely = new LonelyCalls(options.tell ?? (() => {}));
    this.#server = new BridgeServer(options, (request, response) => void this.#serve(request, response));
  }

  /** Starts to listen; resolves with the URL. Rejects with the system's error. */
  listen(): Promise<string> {
    return this.#server.listen(this.#options);
  }

  /** Every meetup that is open, opens, closes or was refused a moment ago. */
  list(): ListedMeetup[] {
    return this.#table.list();
  }

  /** There is another certificate now: meetups that were refused may be opened again. */
  credentialsChanged(): void {
    this.#table.credentialsChanged();
  }

  /** Takes no new requests, lets those in flight finish for a bounded time, and closes every connection. */
  async close(): Promise<void> {
    await this.#server.close();
    await this.#table.close();
    this.#lonely.stop();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = new BridgeCall(request, response, this.#options);
    const target = splitTarget(request.url ?? '');
    if ('fault' in target) return call.refuse({ status: 400, reason: 'target_invalid', message: target.fault });
    const strange = this.#guard(call, target);
    if (strange !== undefined) return call.refuse(strange);
    const whom = addressed(target, call.headers);
    try {
      const result = await this.#resultOf(call, whom);
      if (!('status' in result)) return call.answer(result);
      this.#refuse(call, whom, result);
    } catch (error) {
      this.#refuse(call, whom, error instanceof CallRefused ? error.refusal : ofError(error));
    }
  }

  #refuse(call: BridgeCall, whom: Addressed, refusal: BridgeRefusal): void {
    const { reason, message } = refusal;
    if (whom.kind === 'meetup') this.#lonely.refused(reason, `meetup ${whom.id}: ${message}`, call.ids.traceId);
    call.refuse(refusal);
  }

  #guard({ request: { headers } }: BridgeCall, { authority }: SplitTarget): BridgeRefusal | undefined {
    const { host, allowHosts = [], allowOrigins = [] } = this.#options;
    return guard({ headers, authority }, { listen: host, hosts: allowHosts, origins: allowOrigins });
  }

  async #resultOf(call: BridgeCall, whom: Addressed): Promise<RestResponse | BridgeRefusal> {
    switch (whom.kind) {
      case 'fault':
        return meetupInvalid(whom.fault);
      case 'bridge':
        return this.#ofBridge(call.request, whom.path);
      case 'meetup': {
        if (call.oversize !== undefined) return call.oversize;
        const visit = this.#table.enter(whom.id);
        if ('status' in visit) return visit;
        try {
          return await this.#throughMeetup(call, visit, whom.target);
        } finally {
          visit.leave();
        }
      }
    }
  }

  async #throughMeetup(call: BridgeCall, visit: Visit, target: SplitTarget): Promise<RestResponse | BridgeRefusal> {
    const { wait } = this.#options;
    const { gone } = call;
    this.#places.enter(visit.waits);
    // A call that had to wait, or is made again, is not sent away for want of a place.
    let time = visit.waits ? wait : 0;
    try {
      const { peer, calls } = await visit.ready(gone);
      call.ids.session = peer.session;
      const absent = absence(peer, calls.holds);
      if (absent !== undefined) return absent;
      const headers = withoutMeetup(call.headers);
      const attempt = (): Promise<RestResponse | BridgeRefusal> => {
        const inLine = time;
        time = wait;
        return this.#places.within(inLine, gone, () => call.attempt(peer, target, headers));
      };
      return await calls.make(attempt, gone);
    } catch (error) {
      const isNobody = error instanceof RequestFailure && error.reason === 'not_paired';
      // Calls that waited for the proxy's restart learn of its refusal only now.
      if (isNobody && visit.refusal !== undefined) return visit.refusal;
      throw error;
    } finally {
      this.#places.leave();
    }
  }

  #ofBridge({ method, socket: { remoteAddress } }: IncomingMessage, path: string): RestResponse | BridgeRefusal {
    const refused = listRefusal({ method, remoteAddress }, path);
    if (refused !== undefined) return refused;
    const { maxMeetups } = this.#options;
    const text = JSON.stringify({ meetups: this.list(), maxMeetups });
    const headers = [{ name: 'Cache-Control', value: 'no-store' }];
    return { statusCode: 200, headers, body: { kind: 'json', text } };
  }
}
