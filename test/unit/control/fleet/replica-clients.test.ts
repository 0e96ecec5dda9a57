import { status as Code, Metadata } from '@grpc/grpc-js';
import { expect } from 'chai';
import { missOf } from '../../../../proxy/control/fleet/answers.js';
import { MAX_REPLICAS, ReplicaClients } from '../../../../proxy/control/fleet/replica-clients.js';
import type { Member } from '../../../../proxy/ports/fleet.js';
import type { MutualTls } from '../../../../proxy/transport/mutual-tls.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { failure } from '../../../support/grpc-calls.js';
import { RawAuthority } from '../../../support/raw-authority.js';

function member(incarnation: string, control: string, self = false): Member {
  return { incarnation, replica: incarnation.split('-')[0] ?? '', control, version: '', policyDigest: '', self };
}

function material(): MutualTls {
  const authority = new RawAuthority();
  const { certificate, key } = authority.issue({ subject: [['2.5.4.3', 'r']] });
  const [cert, ca] = [Buffer.from(certificate), Buffer.from(authority.certificate)];
  return { cert, ca, key: Buffer.from(key), name: 'replica' };
}

describe('the clients of a fleet', () => {
  let members: Member[];
  let tls: MutualTls | undefined;
  let clients: ReplicaClients;
  let clock: FakeClock;
  let looks: number;
  beforeEach(() => {
    members = [member('r1-a', '', true), member('r2-a', '10.0.0.2:5052'), member('r3-a', '10.0.0.3:5052')];
    tls = material();
    clock = new FakeClock();
    looks = 0;
    const read = async (): Promise<readonly Member[]> => {
      looks += 1;
      return members;
    };
    clients = new ReplicaClients({ incarnation: 'r1-a', members: read }, () => tls, clock);
    clients.callSelfAt('unix:/run/r1.sock');
  });
  afterEach(() => clients.close());

  it('are one for each run, kept while it lives and closed when it has gone', async () => {
    const first = (await clients.roster()).replicas;
    expect(first.map(({ name, isSelf }) => [name, isSelf])).to.deep.equal([
      ['r1', true],
      ['r2', false],
      ['r3', false],
    ]);
    const [, second] = (await clients.roster()).replicas;
    expect(second).to.equal(first[1]);
    members[1] = member('r2-b', '10.0.0.2:5052');
    const [, next] = (await clients.roster()).replicas;
    expect(next?.incarnation).to.equal('r2-b');
    expect(clients.size).to.equal(3);
    members = members.slice(0, 1);
    await clients.roster();
    expect(clients.size).to.equal(1);
    clients.close();
    expect(clients.size).to.equal(0);
    expect((await clients.roster()).replicas).to.deep.equal([]);
  });

  it('fail what is asked of a run that has gone as if nobody answered', async () => {
    const [, second] = (await clients.roster()).replicas;
    members = members.slice(0, 1);
    await clients.roster();
    const error = await failure(second?.ask('GetServerInfo', {}, new Metadata(), 1000) ?? Promise.resolve());
    expect(missOf(error)).to.deep.equal({ t: 'unreachable' });
    const stream = second?.open('WatchSessions', {}, new Metadata());
    if (stream === undefined) throw new Error('no second replica');
    await new Promise<void>((resolve) => {
      stream.onNews = resolve;
    });
    expect([stream.take(), stream.isSetUp]).to.deep.equal([undefined, false]);
    expect(stream.ending).to.include({ code: Code.UNAVAILABLE });
  });

  it('name the replicas that cannot be asked: without a control API, or beyond this machine without proof', async () => {
    members.push(member('r4-a', ''), member('r5-a', '127.0.0.1:5052'), member('r6-a', 'unix:/run/r6.sock'));
    tls = undefined;
    const { replicas, unasked } = await clients.roster();
    expect(unasked).to.deep.equal(['r2', 'r3', 'r4']);
    expect(replicas.map(({ name }) => name)).to.deep.equal(['r1', 'r5', 'r6']);
  });

  it('ask nobody without proof where others are reached by TLS: a path may be that of another machine', async () => {
    members.push(member('r4-a', ''), member('r5-a', '127.0.0.1:5052'), member('r6-a', 'unix:/run/r6.sock'));
    const { replicas, unasked } = await clients.roster();
    expect(unasked).to.deep.equal(['r4', 'r6']);
    expect(replicas.map(({ name }) => name)).to.deep.equal(['r1', 'r2', 'r3', 'r5']);
  });

  it('are made anew when the material was renewed or the address is another', async () => {
    const [, , before] = (await clients.roster()).replicas;
    tls = material();
    const [, , after] = (await clients.roster()).replicas;
    expect(after).not.to.equal(before);
    const [, renewed] = (await clients.roster()).replicas;
    members[1] = member('r2-a', '10.0.0.22:5052');
    const [, moved] = (await clients.roster()).replicas;
    expect(moved).not.to.equal(renewed);
    expect(clients.size).to.equal(3);
  });

  it('cost one look at the store a second, however many look again and again', async () => {
    await Promise.all([clients.recentRoster(), clients.recentRoster()]);
    clock.advance(999);
    await clients.recentRoster();
    expect(looks).to.equal(1);
    clock.advance(1);
    await clients.recentRoster();
    await clients.roster();
    expect(looks).to.equal(3);
  });

  it('are no more than their bound; the replicas above it are named', async () => {
    tls = undefined;
    members = Array.from({ length: MAX_REPLICAS + 2 }, (_, n) => member(`r${n}-a`, `unix:/run/${n}.sock`, n === 0));
    const { replicas, unasked } = await clients.roster();
    expect([replicas.length, clients.size]).to.deep.equal([MAX_REPLICAS, MAX_REPLICAS]);
    expect(unasked).to.deep.equal([`r${MAX_REPLICAS}`, `r${MAX_REPLICAS + 1}`]);
  });
});
