import { expect } from 'chai';
import { surveyFleet } from '../../proxy/cluster/nats/look/survey.js';
import { visitNats } from '../../proxy/cluster/nats/look/visit.js';
import { Cluster } from '../../proxy/cluster/ownership/cluster.js';
import { systemClock } from '../../proxy/ports/system-clock.js';
import type { Placement } from '../../proxy/session/life/locator.js';
import { startNats, type TestNats } from '../support/nats.js';
import { natsSettings, type OpenedNats, useNatsClients } from '../support/nats-client.js';
import { rawNats, useRawNats } from '../support/nats-raw.js';
import { until } from '../support/turns.js';

/** Shorter than in service, in the same relations to each other. */
const TIMES = { renew: 300, self: 3_000, dead: 4_000, hopDial: 500, hopAnswer: 1_000, placing: 8_000 };
const MEETUPS = Array.from({ length: 300 }, (_, at) => `sub/${at}/gate`);

interface Replica {
  readonly name: string;
  readonly cluster: Cluster;
  readonly nats: OpenedNats;
  readonly deposed: string[];
  readonly reincarnated: string[];
}

describe('replicas that agree through NATS', function () {
  this.timeout(60_000);
  const open = useNatsClients();
  useRawNats();
  let nats: TestNats;
  let fleet: Replica[];

  beforeEach(async () => {
    nats = await startNats();
    fleet = ['r1', 'r2', 'r3'].map((name) => replica(name));
    await Promise.all(fleet.map(({ cluster }) => cluster.start()));
  });
  afterEach(async () => {
    await Promise.all(fleet.map(({ cluster }) => cluster.stop()));
    await nats.remove();
  });

  function replica(name: string): Replica {
    const own = open(natsSettings(nats, { requestTime: 5_000 }));
    const [deposed, reincarnated]: [string[], string[]] = [[], []];
    const cluster = new Cluster({
      ...{ store: own.store, clock: systemClock, promptly: systemClock.every, times: TIMES, maxMeetups: 1_000 },
      lost: 'keep',
      self: { name, address: `unix:/run/${name}.sock`, control: '', version: '1.2.3' },
      policyDigest: () => 'digest',
      effects: {
        hold: () => {},
        release: () => {},
        deposed: (meetupIds) => void deposed.push(...meetupIds),
        endPairs: () => {},
      },
      report: {
        moved: () => {},
        reincarnated: (_, why) => reincarnated.push(why),
        declared: () => {},
        woken: () => {},
        deposed: () => {},
      },
    });
    return { name, cluster, nats: own, deposed, reincarnated };
  }

  /** Every replica is asked for every meetup at once; the names of who serves each, on which all must agree. */
  async function owners(): Promise<ReadonlyMap<string, string>> {
    const placed = await Promise.all(
      MEETUPS.map((id) => Promise.all(fleet.map(async ({ name, cluster }) => ownerOf(await cluster.locate(id), name)))),
    );
    for (const names of placed) expect(new Set(names), names.join()).to.have.property('size', 1);
    return new Map(placed.map(([name = ''], at) => [MEETUPS[at] ?? '', name]));
  }

  /** Whoever sits anywhere goes. */
  function leaveAll(): void {
    for (const { cluster } of fleet) for (const id of MEETUPS) while (cluster.serves(id)) cluster.leave(id);
  }

  const survey = () =>
    visitNats(natsSettings(nats), 5_000, async (visit) => {
      const found = await surveyFleet(visit, { replicas: 1, storage: 'file' });
      if ('t' in found) throw new Error(found.detail);
      return found;
    });

  const areAttached = (): boolean => fleet.every(({ cluster }) => cluster.mayPair);

  it('serve each meetup once, and leave nothing behind', async () => {
    const own = await Promise.all(fleet.map(({ cluster }, at) => cluster.locate(MEETUPS[at] ?? '')));
    expect(own.map(({ t }) => t)).to.deep.equal(['here', 'here', 'here']);
    const first = await owners();
    expect([...first.values()].slice(0, 3)).to.deep.equal(['r1', 'r2', 'r3']);
    expect(await owners()).to.deep.equal(first);
    expect(await survey()).to.include({ claims: MEETUPS.length, leftovers: 0, dead: 0 });
    leaveAll();
    await until(async () => (await survey()).claims === 0);
    await fleet.at(-1)?.cluster.stop();
    expect(await survey()).to.include({ claims: 0, dead: 1 });
  });

  it('keep what they serve while NATS is killed and comes back', async () => {
    const before = await owners();
    const gone = fleet.map((one) => one.nats.turns(false));
    await nats.kill();
    await Promise.all(gone);
    expect(areAttached()).to.equal(false);
    await nats.start();
    await until(areAttached);
    expect(await owners()).to.deep.equal(before);
    for (const { deposed, reincarnated } of fleet) expect([deposed, reincarnated]).to.deep.equal([[], []]);
  });

  for (const [how, lose] of [
    ['is wiped', () => nats.wipe()],
    [
      'loses the stream under connections that stand',
      async () => (await rawNats(nats)).jsm.streams.delete('WSP_CLAIMS'),
    ],
  ] as const) {
    it(`keep what they serve where NATS ${how}`, async () => {
      const before = await owners();
      await lose();
      await until(() => fleet.every(({ reincarnated }) => reincarnated.length === 1));
      await until(areAttached);
      expect(await survey()).to.include({ claims: MEETUPS.length, leftovers: 0 });
      expect(await owners()).to.deep.equal(before);
      for (const { deposed, reincarnated } of fleet)
        expect([deposed, reincarnated]).to.deep.equal([[], ['store_lost']]);
    });
  }
});

function ownerOf(placement: Placement, asked: string): string {
  if (placement.t === 'here') return asked;
  return placement.t === 'there' ? placement.owner.replica : placement.detail;
}
