import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { SLICE_MS } from '../../../proxy/policy/rules/slices.js';
import type { PeerSelection } from '../../../proxy/session/steering.js';
import { type Client, Core, EMPTY } from '../../support/core.js';
import { identity } from '../../support/fixtures.js';

const KICKED = { label: 'kicked', detail: 'by hand' } as const;

/** The close code of a peer that was not named. */
function told(pair: readonly boolean[]): number | undefined {
  return pair.includes(true) ? 1002 : undefined;
}

function codes(clients: readonly Client[]): (number | undefined)[] {
  return clients.map(({ socket }) => socket.closedWith?.code);
}

describe('steering', () => {
  it('[CLOSE-6] ends the peers that are named, and tells the others of their pairs that they went', () => {
    const core = new Core();
    const [one, two] = core.pair({ meetupId: 'a' });
    const both = core.pair({ meetupId: 'b' });
    const greeting = core.connect({ meetupId: 'c' });
    const uids = [one, ...both, greeting].map(({ peer }) => peer.uid);
    expect(core.steering.end({ t: 'peers', uids: [...uids, 'nobody'] }, KICKED)).to.equal(4);
    expect(codes([one, two, ...both, greeting])).to.deep.equal([4410, 1002, 4410, 4410, 4410]);
    expect(core.steering.end({ t: 'peers', uids }, KICKED)).to.equal(0);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-6] ends both peers of a session for one reason, once', () => {
    const core = new Core();
    const both = core.pair();
    const uid = both[0].peer.session?.uid ?? '';
    expect(core.steering.end({ t: 'session', uid }, KICKED)).to.equal(2);
    expect(codes(both)).to.deep.equal([4410, 4410]);
    expect(core.steering.end({ t: 'session', uid }, KICKED)).to.equal(0);
    expect(core.steering.end({ t: 'session', uid: 'none' }, KICKED)).to.equal(0);
  });

  it('[CLOSE-6] ends whoever a selector fits, greeting, waiting or paired', () => {
    const core = new Core();
    const mine = identity({ fingerprint: 'f'.repeat(64) });
    const [one, other] = [core.join({ meetupId: 'a', identity: mine }), core.join({ meetupId: 'a' })];
    const [waiting, greeting] = [
      core.join({ meetupId: 'b', identity: mine }),
      core.connect({ meetupId: 'c', identity: mine }),
    ];
    const alone = core.join({ meetupId: 'd' });
    const selected: PeerSelection = { t: 'selected', selector: { fingerprint: mine.fingerprint } };
    expect(core.steering.end(selected, { label: 'blocked' })).to.equal(3);
    expect(codes([one, other, waiting, greeting, alone])).to.deep.equal([4411, 1002, 4411, 4411, undefined]);
  });

  it('[CLOSE-3] tells both peers of a pair whose certificates are revoked together, judged at one go or in slices', async () => {
    const core = new Core();
    const both = core.pair({ meetupId: 'both' });
    const [one, other] = [core.join({ meetupId: 'one' }), core.join({ meetupId: 'one' })];
    const revoked = new Set([...both, one].map(({ peer }) => peer.admission.identity.fingerprint));
    const judge = ({ identity: { fingerprint } }: { identity: { fingerprint: string } }) =>
      revoked.has(fingerprint) ? ({ label: 'certificate_revoked' } as const) : undefined;
    expect(await core.steering.sweepInSlices(judge)).to.equal(3);
    expect(codes([...both, one, other])).to.deep.equal([4402, 4402, 4402, 1002]);
    const again = core.pair({ meetupId: 'again' });
    for (const { peer } of again) revoked.add(peer.admission.identity.fingerprint);
    expect(core.steering.sweep(judge)).to.equal(2);
    expect(codes(again)).to.deep.equal([4402, 4402]);
  });

  it('[CLOSE-6] ends many in slices, so that messages pass between, and says at once how many', async () => {
    const core = new Core();
    const pairs = Array.from({ length: 100 }, (_, at) => core.pair({ meetupId: `m${at}` }));
    const [first] = pairs.flat();
    // An end that takes long fills a slice.
    const busy = first?.peer.socket as { close: (code: number, reason: string) => void } | undefined;
    const close = busy?.close.bind(busy);
    if (busy !== undefined)
      busy.close = (code, reason) => {
        for (const until = performance.now() + SLICE_MS; performance.now() < until; );
        close?.(code, reason);
      };
    const selector = { t: 'selected', selector: {} } as const;
    expect(core.steering.end(selector, { label: 'blocked' })).to.equal(200);
    const living = (): number => pairs.flat().filter(({ socket }) => socket.closedWith === undefined).length;
    expect(living()).to.be.within(1, 199);
    while (living() > 0) await turn();
    expect(new Set(codes(pairs.flat()))).to.deep.equal(new Set([4411]));
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-3] each in the set its own reason, each beside it that its peer went, each once, whatever the set', () => {
    const pairs = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(pairs, fc.boolean(), (chosen, isByUid) => {
        const core = new Core();
        const clients = chosen.map((_, at) => core.pair({ meetupId: `m${at}` }));
        const named = clients.flatMap((pair, at) => pair.filter((_, seat) => chosen[at]?.[seat] === true));
        const peers = named.map(({ peer }) => peer);
        const ended = isByUid
          ? core.steering.end({ t: 'peers', uids: peers.map(({ uid }) => uid) }, KICKED)
          : core.steering.endEach(new Map(peers.map((peer) => [peer, KICKED])));
        expect(ended).to.equal(named.length);
        const expected = chosen.map((pair) => pair.map((is) => (is ? 4410 : told(pair))));
        expect(clients.map(codes)).to.deep.equal(expected);
        const endings = core.events.filter((event) => event.startsWith('ended ')).length;
        expect(endings).to.equal(2 * chosen.filter((pair) => pair.includes(true)).length);
        expect(core.leaks()).to.deep.equal(EMPTY);
      }),
      { numRuns: 60 },
    );
  });
});
