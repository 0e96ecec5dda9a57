import type { PeerObserver } from '../connection.js';
import { watchCredentials } from '../credential-watch.js';
import { bridgeClaims } from '../outgoing.js';
import { reporter } from '../report.js';
import { servesNothing } from '../responder.js';
import {
  bridgeOptions,
  type ConnectionFlags,
  claimsOf,
  connections,
  type ListenFlags,
  listening,
  output,
  toldToEnd,
} from '../run.js';
import { ManyBridge } from './many-bridge.js';
import { meetupUrl } from './meetup-address.js';

/** Flags of `ws-proxy peer bridge --many`, read. Milliseconds. */
export interface ManyFlags extends ConnectionFlags, ListenFlags {
  readonly maxMeetups: number;
  readonly wait: number;
  readonly idle: number;
  readonly maxPerMeetup: number;
}

/** `ws-proxy peer bridge --many`: runs until a signal. Rejects when the address cannot be listened on. */
export async function runManyBridge(flags: ManyFlags): Promise<void> {
  const { maxMeetups, wait, idle, maxPerMeetup } = flags;
  const claims = { ...claimsOf(flags, 'bridge'), ...bridgeClaims(flags.hold) };
  const connectionTo = connections(flags, claims, servesNothing, { inFlight: maxPerMeetup });
  const bridge = new ManyBridge(
    (id) => {
      const url = meetupUrl(flags.url, id);
      const peer = connectionTo(url);
      const news = { print: output.print, tell: (line: string) => output.tell(`meetup ${id}: ${line}`) };
      peer.observe(withoutNextTry(reporter(news, url, claims, `meetup=${id}`), news.tell));
      return peer;
    },
    { ...bridgeOptions(flags), maxMeetups, wait, idle, maxPerMeetup },
  );
  output.print(`listening http=${await listening(bridge, flags)}`);
  const unwatch = watchCredentials(flags, () => bridge.credentialsChanged());
  await toldToEnd();
  unwatch();
  await bridge.close();
}

/** A meetup that is refused is not dialled again by itself, whatever a single peer would do. */
function withoutNextTry(report: PeerObserver, tell: (line: string) => void): PeerObserver {
  return {
    ...report,
    state: (now, before) => {
      if (now.kind !== 'backing_off' || now.why.retry !== 'never') return report.state?.(now, before);
      tell(`ATTENTION: not connected: ${now.why.message} (${now.why.reason}); the next try is with a later call`);
    },
  };
}
