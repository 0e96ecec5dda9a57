import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, Core, EMPTY } from '../../support/core.js';
import { hello } from '../../support/fixtures.js';

describe('a standstill', () => {
  it('[CLOSE-10] reads nobody, relays nothing that was read already, and passes it on in its order afterwards', () => {
    const core = new Core();
    const [one, two] = core.pair();
    core.standstill.hold();
    expect([one.socket.paused, two.socket.paused]).to.deep.equal([true, true]);
    one.socket.receive('a');
    two.socket.receive('b', true);
    one.socket.receive('c');
    expect(one.socket.texts.concat(two.socket.texts)).to.deep.equal([]);
    expect([one.peer.counters.messagesIn, two.peer.counters.messagesOut]).to.deep.equal([1, 1]);
    core.standstill.release();
    expect([two.socket.texts, one.socket.texts]).to.deep.equal([['a', 'c'], ['b']]);
    expect(one.socket.sent[0]?.binary).to.equal(true);
    expect([one.socket.paused, two.socket.paused]).to.deep.equal([false, false]);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-10] seats nobody: a HELLO that came before or comes meanwhile waits', () => {
    const core = new Core();
    const greeting = core.connect();
    core.standstill.hold();
    const newcomer = core.connect();
    expect(newcomer.socket.paused).to.equal(true);
    newcomer.socket.receive(hello('newcomer'));
    greeting.socket.receive(hello('greeting'));
    expect(core.present.counts).to.include({ greeting: 2, waiting: 0 });
    core.standstill.release();
    expect(core.present.counts).to.include({ greeting: 0, paired: 1 });
    // Who was read first sits first.
    expect(core.overview.newest(0, 1)[0]?.peers[0]?.uid).to.equal(newcomer.peer.uid);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-10] a pair that is deposed meanwhile relays nothing of what it had sent', () => {
    const core = new Core();
    const [one, two] = core.pair({ meetupId: 'lost' });
    core.standstill.hold();
    one.socket.receive('too late');
    core.steering.depose(new Set(['lost']));
    core.standstill.release();
    expect([two.socket.texts, two.socket.closedWith?.code]).to.deep.equal([[], 1012]);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-10] leaves a peer unread that has another reason', () => {
    const core = new Core();
    const [one] = core.pair();
    core.standstill.hold();
    one.peer.hold('drain');
    core.standstill.release();
    expect(one.socket.paused).to.equal(true);
    one.peer.release('drain');
    expect(one.socket.paused).to.equal(false);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-10, LIVE-3] ends nobody whose pong it does not read', () => {
    const core = new Core();
    const pair = core.pair();
    core.standstill.hold();
    for (const { socket } of pair) socket.alive = false;
    core.clock.advance(25_000);
    expect(pair.map(({ peer }) => peer.state.t)).to.deep.equal(['seated', 'seated']);
    core.standstill.release();
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-10] begins and ends once: what is not held is not let go', () => {
    const core = new Core();
    const [one, two] = core.pair();
    core.standstill.release();
    core.standstill.hold();
    core.standstill.hold();
    one.socket.receive('a');
    core.standstill.release();
    core.standstill.release();
    expect(two.socket.texts).to.deep.equal(['a']);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[CLOSE-10] whatever happens meanwhile: nothing is relayed or seated until it ends, and nothing is lost, doubled or reordered', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom(...STEPS), fc.nat(5)), { maxLength: 60, size: 'max' });
    fc.assert(
      fc.property(steps, (script) => {
        const scene = new Scene();
        for (const [step, at] of script) scene.play(step, at);
        scene.play('release', 0);
        scene.checkWhole();
        expect(scene.core.leaks()).to.deep.equal(EMPTY);
      }),
      { numRuns: 300 },
    );
  });
});

const STEPS = ['say', 'say', 'join', 'hold', 'release', 'go', 'tick', 'fill', 'drain'] as const;

/** Three pairs and who comes beside them; each step is checked. */
class Scene {
  readonly core = new Core();
  readonly #pairs = ['a', 'b', 'c'].map((meetupId) => this.core.pair({ meetupId }));
  readonly #clients = this.#pairs.flat();
  readonly #said = new Map<Client, string[]>(this.#clients.map((client) => [client, []]));
  readonly #newcomers: Client[] = [];
  #isHeld = false;

  play(step: (typeof STEPS)[number], at: number): void {
    const before = this.#moved;
    const [client] = this.#clients.slice(at);
    if (client !== undefined) this.#do(step, client);
    if (step === 'hold') this.#isHeld = true;
    if (step === 'release') this.#isHeld = false;
    if (!this.#isHeld) return;
    expect(this.#moved).to.deep.equal(before);
    const living = [...this.#clients, ...this.#newcomers].filter(({ peer }) => peer.state.t !== 'ended');
    expect(living.every(({ socket }) => socket.paused)).to.equal(true);
  }

  /** All that was said has come, in order; of a pair that ended, its beginning. */
  checkWhole(): void {
    for (const [one, two] of this.#pairs) {
      const isWhole = one.peer.state.t === 'seated';
      for (const [from, { socket }] of [[one, two] as const, [two, one] as const]) {
        const all = this.#said.get(from) ?? [];
        expect(socket.texts).to.deep.equal(isWhole ? all : all.slice(0, socket.texts.length));
      }
    }
  }

  /** Messages that were sent, and peers that were seated. */
  get #moved(): readonly number[] {
    const sent = [...this.#clients, ...this.#newcomers].map(({ socket }) => socket.sent.length);
    const seated = this.core.events.filter((event) => event.startsWith('seated')).length;
    return [sent.reduce((sum, one) => sum + one, 0), seated];
  }

  #do(step: (typeof STEPS)[number], client: Client): void {
    const { core } = this;
    switch (step) {
      case 'say':
        this.#say(client);
        break;
      case 'join':
        this.#newcomers.push(core.join({ meetupId: `beside ${this.#newcomers.length % 3}` }));
        break;
      case 'go':
        client.socket.gone();
        break;
      case 'tick':
        core.clock.advance(1_000);
        break;
      case 'fill':
        client.socket.backlog = 2_000;
        break;
      case 'drain':
        client.socket.drain(0);
        break;
      default:
        core.standstill[step]();
    }
  }

  #say(client: Client): void {
    if (client.peer.state.t === 'ended') return;
    const said = this.#said.get(client) ?? [];
    said.push(`${client.name} ${said.length}`);
    client.socket.receive(said.at(-1) ?? '');
  }
}
