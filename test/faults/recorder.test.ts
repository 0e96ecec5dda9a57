import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { RawAuthority } from '../support/raw-authority.js';
import { isWanted } from './form.js';
import { type CheckBounds, check } from './judge/checker.js';
import { SIDES, type Side } from './judge/history.js';
import { DeployedSeat } from './peers/deployed-seat.js';
import { Recorder } from './peers/recorder.js';
import type { SeatedPeer, SeatPlan, SeatWorld } from './peers/seat.js';
import { LATE_MS, type Spoiling, SpoilingRelay } from './peers/spoiling-relay.js';

const PAIRS = 2;
/** Messages after which each direction has had its spoilt one. */
const ENOUGH = 150;
/** Milliseconds between two messages of a peer. */
const EVERY_MS = 20;
const bounds: CheckBounds = { hello: 2_000, oneSided: 1_000 };
/** Milliseconds for what is on its way to arrive: above both bounds, and above a HELLO that is late. */
const SETTLE_MS = LATE_MS + 1_000;

const spoilings: readonly Spoiling[] = !isWanted('short')
  ? []
  : [
      ...(['true', 'crossed', 'doubled', 'altered', 'reordered', 'lost'] as const),
      ...(['hello_missing', 'hello_late', 'hello_not_first', 'one_sided'] as const),
    ];

/** What honest peers make of it: whoever gets a call that is not for it, or twice, answers it. */
const follows: Partial<Record<Spoiling, readonly string[]>> = {
  doubled: ['answered_twice'],
  crossed: ['answered_twice'],
};

describe('recorder and checker before a relay that does one thing wrong', function () {
  this.timeout(60_000);
  const authority = new RawAuthority();
  const client = authority.issue({ subject: [['2.5.4.3', 'peer']] });

  // All at once: what takes time is to wait.
  const found = new Map<Spoiling, Promise<string[]>>();
  before(() => {
    for (const how of spoilings) {
      const kinds = kindsBefore(how);
      kinds.catch(() => {});
      found.set(how, kinds);
    }
  });

  for (const how of spoilings) {
    it(how === 'true' ? 'find nothing where it does nothing wrong' : `find ${how}`, async () => {
      const kinds = (await found.get(how)) ?? [];
      if (how === 'true') expect(kinds).to.deep.equal([]);
      else expect(kinds.filter((kind) => !follows[how]?.includes(kind))).to.deep.equal([how]);
    });
  }

  async function kindsBefore(how: Spoiling): Promise<string[]> {
    const relay = new SpoilingRelay(authority, how);
    const recorder = new Recorder();
    const here = world(await relay.start());
    const peers = seats.map((plan) => new DeployedSeat(plan, here, recorder, () => {}));
    const pace = setInterval(() => speak(peers), EVERY_MS);
    try {
      for (const peer of peers) peer.start();
      await relay.delivered(how === 'hello_missing' ? PAIRS : ENOUGH);
      if (how === 'one_sided') relay.dropFirsts();
      clearInterval(pace);
      await delay(SETTLE_MS);
      return [...new Set(check(recorder.history, bounds).map(({ kind }) => kind))];
    } finally {
      clearInterval(pace);
      await Promise.all(peers.map((peer) => peer.stop()));
      await relay.stop();
    }
  }

  const seats: readonly SeatPlan[] = Array.from({ length: PAIRS }, (_, at) =>
    SIDES.map((side: Side) => ({ meetup: `m/${at}`, side, kind: 'deployed' as const, credential: 0 })),
  ).flat();

  function world(url: string): SeatWorld {
    const credentials = [{ certificate: client.certificate, key: client.key }];
    const speed = { redialMs: 60_000, answerMs: 5, paddingChars: 100 };
    return { url, servername: 'localhost', ca: authority.certificate, credentials, ...speed };
  }
});

function speak(peers: readonly SeatedPeer[]): void {
  for (const peer of peers) {
    peer.call();
    peer.event();
  }
}
