import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import type { Replica } from '../../envoy/replica.js';
import { changeReplicas, withoutReplicas, withReplicas } from '../../envoy/replicas.js';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { subject } from '../support/certificate-names.js';
import { WssClient } from '../support/client.js';
import { type EchoReplica, startEchoReplica } from '../support/echo-replica.js';
import { startEdge, type TestEdge } from '../support/envoy.js';
import { RawAuthority } from '../support/raw-authority.js';
import { type RawAnswer, sendRaw } from '../support/raw-request.js';
import { Scratch } from '../support/scratch.js';
import { StandingReplica } from '../support/standing-replica.js';

/** Milliseconds for Envoy to take up what it is told. */
const SOON_MS = 10_000;
/** Requests that are under way at one time. */
const AT_ONCE = 16;
/** Of 400 meetups that a change moves between replicas that stay; maglev moves one in some hundreds, a ring one in ten. */
const FEW = 12;
const never = new AbortController().signal;

describe('edge: several replicas', function () {
  this.timeout(60_000);
  const authority = new RawAuthority();
  const credential = authority.issue({ subject: subject(['O', 'Acme']) });
  let scratch: Scratch;
  let replicas: EchoReplica[];
  let edges: TestEdge[];

  beforeEach(() => {
    scratch = new Scratch();
    [replicas, edges] = [[], []];
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') for (const edge of edges) console.error(await edge.logs());
    await Promise.all(edges.map((edge) => edge.stop()));
    await Promise.all(replicas.map((replica) => replica.stop()));
    scratch.remove();
  });

  /** Starts replicas of these names, each on a socket of its own; `place` sets them apart from others of the same name. */
  async function startReplicas(names: readonly string[], place = ''): Promise<EchoReplica[]> {
    const started = await Promise.all(
      names.map((name) => startEchoReplica(name, scratch.path(`${place}${name}.sock`))),
    );
    replicas.push(...started);
    return started;
  }

  async function startBefore(behind: readonly { readonly replica: Replica }[]): Promise<TestEdge> {
    const fleet = { replicas: behind.map(({ replica }) => replica) };
    const edge = await startEdge({ serviceSocket: scratch.path('none.sock'), authority, settings: { fleet } });
    edges.push(edge);
    await healthy(edge, behind.length);
    return edge;
  }

  async function healthy(edge: TestEdge, count: number): Promise<void> {
    await waitFor(`Envoy does not take ${count} replicas for healthy`, SOON_MS, never, async () => {
      return (await edge.stat('cluster.rendezvous.membership_healthy')) === count || undefined;
    });
  }

  function ask({ ports }: TestEdge, id: string | number): Promise<RawAnswer> {
    return sendRaw({ port: ports.peers, ca: authority.certificate, credential, path: `${MEETUP_PREFIX}sub/${id}` });
  }

  /** The name of the replica that each of these meetups leads to through that Envoy. */
  async function served(edge: TestEdge, ids: readonly number[]): Promise<string[]> {
    const names: string[] = [];
    const left = [...ids.entries()];
    const work = async (): Promise<void> => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        const answer = await ask(edge, `${next[1]}/gw?x=${next[1] % 3}`);
        expect(answer.status).to.equal(101);
        names[next[0]] = answer.headers.get('x-served-by') ?? '';
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return names;
  }

  /** Resolves when newcomers are led to these and to nobody else. The workers know of a change some time after the statistics. */
  async function leadsTo(edge: TestEdge, names: readonly string[]): Promise<void> {
    await waitFor(`newcomers are not led to ${names.join(' and ')} alone`, SOON_MS, never, async () => {
      const led = new Set(await served(edge, ids.slice(0, 40)));
      return (led.size === names.length && names.every((name) => led.has(name))) || undefined;
    });
  }

  const ids: readonly number[] = Array.from({ length: 400 }, (_, id) => id);

  it('leads each meetup to one replica through any Envoy, whatever the addresses and their order', async () => {
    const names = ['r1', 'r2', 'r3'];
    const one = await startBefore(await startReplicas(names));
    // Replicas of these names at other addresses stand for the same ones seen from another machine.
    const two = await startBefore((await startReplicas(names, 'other-')).reverse());
    const [through, again] = [await served(one, ids), await served(two, ids)];
    expect(again).to.deep.equal(through);
    for (const name of names) {
      expect(through.filter((served) => served === name).length, name).to.be.greaterThan(ids.length / 6);
    }
  });

  it('moves hardly a meetup between the others when one is added or taken away, without a restart; its websockets stay', async () => {
    const edge = await startBefore(await startReplicas(['r1', 'r2', 'r3']));
    const before = await served(edge, ids);
    const url = `wss://localhost:${edge.ports.peers}${MEETUP_PREFIX}sub/live`;
    const live = await WssClient.open(url, credential, { ca: authority.certificate });
    const sat = String(live.upgraded['x-served-by']);

    const [fourth] = await startReplicas(['r4']);
    if (fourth === undefined) throw new Error('a replica was started');
    await changeReplicas(edge.configDir, (present) => withReplicas(present, [fourth.replica]));
    await healthy(edge, 4);
    await leadsTo(edge, ['r1', 'r2', 'r3', 'r4']);
    const grown = await served(edge, ids);
    const moved = ids.filter((id) => grown[id] !== before[id]);
    expect(moved.length).to.be.within(ids.length / 8, ids.length / 2);
    expect(moved.filter((id) => grown[id] !== 'r4').length, 'between the others').to.be.lessThan(FEW);

    await changeReplicas(edge.configDir, (present) => withoutReplicas(present, ['r4', sat]));
    await healthy(edge, 2);
    await leadsTo(
      edge,
      ['r1', 'r2', 'r3'].filter((name) => name !== sat),
    );
    const shrunk = await served(edge, ids);
    expect(ids.filter((id) => before[id] !== sat && shrunk[id] !== before[id]).length).to.be.lessThan(FEW);
    live.send('still here');
    expect(await live.next()).to.equal('still here');
    await live.terminate();
    expect(await edge.stat('.*update_rejected')).to.equal(0);
  });

  it('asks the next one within the same request when a replica is dead, or two of three', async () => {
    const [first, second, third] = await startReplicas(['r1', 'r2', 'r3']);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were started');
    const edge = await startBefore([first, second, third]);
    await Promise.all([first.upstream.stop(), second.upstream.stop()]);
    // Their probes still say that they are ready, so nothing but the retry helps.
    const names = await served(edge, ids);
    expect(new Set(names)).to.deep.equal(new Set(['r3']));
    expect(await edge.stat('cluster.rendezvous.membership_healthy')).to.equal(3);
  });

  it('goes round a replica that is not ready, and lets a replica say why when none is', async () => {
    const [first, second] = await startReplicas(['r1', 'r2']);
    if (first === undefined || second === undefined) throw new Error('two were started');
    const edge = await startBefore([first, second]);
    first.isReady = false;
    await leadsTo(edge, ['r2']);
    second.isReady = false;
    await leadsTo(edge, ['r1', 'r2']);
    first.isReady = true;
    await leadsTo(edge, ['r1']);
  });

  it('has another one answer the handshake that a replica which stands still does not', async () => {
    const [first] = await startReplicas(['r1']);
    if (first === undefined) throw new Error('one was started');
    const still = await StandingReplica.start(scratch.path('still.sock'));
    try {
      const health = first.replica.health;
      const silent = { name: 'r2', peers: { t: 'unix', path: still.path }, health } as const;
      const edge = await startBefore([first, { replica: silent }]);
      const begun = performance.now();
      expect(new Set(await served(edge, ids.slice(0, AT_ONCE)))).to.deep.equal(new Set(['r1']));
      expect(performance.now() - begun).to.be.greaterThan(4_900);
      expect(still.asked).to.be.greaterThan(0);
    } finally {
      await still.stop();
    }
  });

  it('takes a replica for what its new probe says when it comes back under its name at another port', async () => {
    const [first, second] = await startReplicas(['r1', 'r2']);
    if (first === undefined || second === undefined) throw new Error('two were started');
    const edge = await startBefore([first, second]);
    first.isReady = false;
    await healthy(edge, 1);
    const moved = { ...first.replica, health: second.replica.health };
    await changeReplicas(edge.configDir, (present) => withReplicas(present, [moved]));
    await healthy(edge, 2);
  });
});
