import { expect } from 'chai';
import type { CheckId } from '../../../peer/check/checks.js';
import { Course } from '../../../peer/check/course.js';
import { FakeNetwork, settled } from '../../support/fake-network.js';
import type { FakeSocket } from '../../support/fake-socket.js';
import { hello } from '../../support/fixtures.js';
import { response } from '../../support/pair.js';

const SILENCE = 5_000;
const options = { path: '/', timeout: 1_000, patience: 60_000, silence: SILENCE };

/** A course whose peer answers everything; a test lets its connections end. */
class Walk {
  readonly network = new FakeNetwork();
  readonly course = new Course(() => this.network.make(), options, this.network.clock);
  readonly over = this.course.walk();
  socket: FakeSocket | undefined;
  #answered = 0;

  /** The peer comes, by a new connection. */
  async comes(): Promise<FakeSocket> {
    this.socket = await this.network.opened();
    this.#answered = 0;
    this.socket.receive(hello());
    await settled();
    return this.socket;
  }

  /** The requests on this connection that were not answered yet. */
  get asked(): (number | string)[] {
    const texts = this.socket?.sent.filter(({ binary }) => !binary) ?? [];
    const messages = texts.map(({ data }) => JSON.parse(data.toString()).message);
    const requests = messages.filter(({ messageType }) => messageType === 'REST:REQUEST');
    return requests.slice(this.#answered).map(({ messageId }) => messageId);
  }

  /** Answers what is asked, and what is asked then, until nothing is. */
  async answers(): Promise<void> {
    for (let asked = this.asked; asked.length > 0; asked = this.asked) {
      this.#answered += asked.length;
      for (const id of asked) this.socket?.receive(response(id, 200, { messageId: `answer ${id}` }));
      await settled();
    }
  }

  /** The connection breaks, and the course dials again. */
  async breaks(): Promise<void> {
    const { dials, clock } = this.network;
    const before = dials.length;
    this.socket?.gone('connection_lost', 1006);
    await settled();
    while (dials.length === before) clock.advance(100);
  }

  /** The course ends its connection itself, and makes another. */
  async isLeft(): Promise<void> {
    await settled();
    this.socket?.gone();
    await settled();
  }

  faults(): Partial<Record<CheckId, string>> {
    const { examiner, walked } = this.course;
    const told = [...walked].map((check) => [check, examiner.faultsOf(check)] as const);
    return Object.fromEntries(told.filter(([, fault]) => fault !== undefined));
  }
}

describe('the course of a peer under check', () => {
  it('finds nothing wrong with a peer that answers, stays and comes back', async () => {
    const walk = new Walk();
    await walk.comes();
    await walk.answers();
    walk.network.clock.advance(SILENCE);
    await walk.isLeft();
    await walk.comes();
    await walk.answers();
    await walk.isLeft();
    expect(await walk.over).to.include({ peerId: 'gw service 1' });
    expect(walk.faults()).to.deep.equal({});
  });

  it('a connection that ends in a part is one fault, and the part asks nothing more', async () => {
    const walk = new Walk();
    await walk.comes();
    expect(walk.asked).to.have.length(1);
    await walk.breaks();
    await walk.comes();
    // The next part has begun on the new connection: eight requests at once, and none of the part before.
    expect(walk.asked).to.have.length(8);
    await walk.answers();
    walk.network.clock.advance(SILENCE);
    await walk.isLeft();
    await walk.comes();
    await walk.answers();
    await walk.isLeft();
    await walk.over;
    expect(Object.keys(walk.faults())).to.deep.equal(['answers']);
    expect(walk.faults().answers).to.match(/^the connection ended: [^;]*$/);
  });

  it('a connection that ends during the silence is the fault of the check of it, found at once', async () => {
    const walk = new Walk();
    await walk.comes();
    await walk.answers();
    walk.network.clock.advance(SILENCE - 1);
    walk.socket?.gone('connection_lost', 1006);
    await settled();
    await walk.comes();
    await walk.answers();
    await walk.isLeft();
    await walk.over;
    expect(Object.keys(walk.faults())).to.deep.equal(['stays']);
    expect(walk.faults().stays).to.match(/^the connection ended: [^;]*$/);
  });
});
