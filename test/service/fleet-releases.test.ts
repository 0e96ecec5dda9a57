import { expect } from 'chai';
import { namesOf } from '../../proxy/cluster/nats/subjects.js';
import { FORMAT } from '../../proxy/cluster/store.js';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { type FleetProcess, FleetProcesses } from '../support/fleet-processes.js';
import { startNats, type TestNats } from '../support/nats.js';
import { rawNats, useRawNats } from '../support/nats-raw.js';
import { OTHER_RELEASES } from '../support/other-releases.js';
import { certificateOf, persistently, ReplicaClient, talk } from '../support/replica-client.js';
import { Scratch } from '../support/scratch.js';
import { refusedUpgrade } from '../support/service.js';

/** Versions of the forms of all that the store has. */
async function formatsIn(nats: TestNats): Promise<ReadonlySet<number>> {
  const { jsm } = await rawNats(nats);
  const { claims } = namesOf('wsp');
  const { state } = await jsm.streams.info(claims, { subjects_filter: '>' });
  const formats = new Set<number>();
  for (const subject of Object.keys(state.subjects ?? {})) {
    const stored = await jsm.direct.getMessage(claims, { last_by_subj: subject });
    if (stored !== null) formats.add(stored.json<{ readonly format: number }>().format);
  }
  return formats;
}

for (const { name, format, make } of OTHER_RELEASES) {
  describe(`a fleet of this release and ${name}`, function () {
    this.timeout(120_000);
    const scratch = new Scratch();
    useRawNats();
    let nats: TestNats;
    let fleet: FleetProcesses;
    let bin: string;
    let ours: FleetProcess;
    let other: FleetProcess;

    before(() => {
      bin = make(scratch);
    });
    after(() => scratch.remove());
    beforeEach(async () => {
      nats = await startNats();
      fleet = new FleetProcesses(nats.url);
      ours = await fleet.start('ours');
      other = await fleet.start('other', {}, bin);
    });
    afterEach(async () => {
      await fleet.stop();
      await nats.remove();
    });

    /** The owner is asked for the meetup first, and the second peer lands at the other one. */
    async function pair(owner: FleetProcess, landing: FleetProcess, at: string): Promise<readonly ReplicaClient[]> {
      const one = await ReplicaClient.join(owner, at, 'one');
      const two = await ReplicaClient.join(landing, at, 'two');
      await Promise.all([one.next(), two.next()]);
      await talk(one, two);
      return [one, two];
    }

    it('is one fleet: peers meet whichever of the two they come to, and a third is refused by both', async () => {
      const clients = [...(await pair(ours, other, 'm')), ...(await pair(other, ours, 'n'))];
      expect(await ours.metric('ws_proxy_cluster_meetups')).to.equal(1);
      expect(await other.metric('ws_proxy_cluster_meetups')).to.equal(1);
      for (const { socketPath } of [ours, other]) {
        for (const meetup of ['m', 'n']) {
          const { status, error } = await refusedUpgrade(socketPath, MEETUP_PREFIX + meetup, certificateOf('three'));
          expect([status, error.reason]).to.deep.equal([409, 'meetup_full']);
        }
      }
      if (format !== undefined) expect(await formatsIn(nats)).to.deep.equal(new Set([FORMAT, format]));
      for (const { ws } of clients) ws.terminate();
    });

    for (const whose of ['this release', 'the other one'] as const) {
      it(`takes over from a replica of ${whose} that was killed, and has the one that begins anew`, async () => {
        const [killed, left] = whose === 'this release' ? [ours, other] : [other, ours];
        const clients = await pair(killed, left, 'm');
        await killed.program.stop('SIGKILL');
        await Promise.all(clients.map(({ closed }) => closed));
        const first = await persistently(left, 'm', 'one');
        const begun = await fleet.start(killed.name, {}, whose === 'this release' ? undefined : bin);
        const second = await persistently(begun, 'm', 'two');
        await Promise.all([first.next(), second.next()]);
        expect(await left.metric('ws_proxy_cluster_claims_total{event="taken_over"}')).to.equal(1);
        for (const { ws } of [first, second]) ws.terminate();
      });

      it(`goes on as a replica of ${whose} is told to stop, which gives its meetups back, and begins anew`, async () => {
        const [stopping, stays] = whose === 'this release' ? [ours, other] : [other, ours];
        await ReplicaClient.join(stopping, 'm', 'one');
        await stopping.program.stop('SIGTERM');
        const begun = await fleet.start(stopping.name, {}, whose === 'this release' ? undefined : bin);
        const again = [await persistently(stays, 'm', 'two'), await persistently(begun, 'm', 'three')] as const;
        await Promise.all(again.map((client) => client.next()));
        expect(await stays.metric('ws_proxy_cluster_claims_total{event="taken_over"}')).to.be.oneOf([0, undefined]);
        for (const { ws } of again) ws.terminate();
      });
    }
  });
}
