import { expect } from 'chai';
import type { EventReader } from '../../../proxy/session/views/events.js';
import { NO_INVOCATIONS } from '../../../proxy/session/views/statistics.js';
import type { PeerView, SessionView } from '../../../proxy/session/views/view.js';
import { refusal } from '../../../proxy/wire/close.js';
import { BOUNDS, Core } from '../../support/core.js';
import { coreOf, NO_ROOM } from '../../support/core-parts.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeSocket } from '../../support/fake-socket.js';
import { admission, hello } from '../../support/fixtures.js';
import { Meeting } from '../../support/pair.js';

const ID = 'sub/8675309/00224dd149bb';
const EVENTS = ['refused', 'admitted', 'seated', 'paired', 'ended', 'finished'] as const;
const REFUSED = { refusal: refusal('not_found'), detail: '', target: '/', remote: '', requestId: '' };

describe('events', () => {
  it('[OBS-1] tell of a whole life in order, each event once', () => {
    const core = new Core();
    const one = core.join();
    core.join();
    one.socket.gone();
    expect(core.events).to.deep.equal([
      'admitted p1',
      `seated p1 ${ID} waiting`,
      'admitted p2',
      `seated p2 ${ID} paired`,
      `paired ${ID} paired`,
      'ended p1 closed_by_peer',
      'ended p2 peer_disconnected',
      `finished ${ID} finished closed_by_peer`,
    ]);
  });

  it('[OBS-1] tell nothing but admitted and ended of a peer that never sat', () => {
    const core = new Core();
    core.connect().socket.receive('no');
    expect(core.events).to.deep.equal(['admitted p1', 'ended p1 hello_invalid']);
  });

  it('[OBS-1] tell of the world as it is after the event', () => {
    const seen: unknown[] = [];
    const reader: EventReader = {
      admitted: ({ uid }) => seen.push(overview.peer(uid) !== undefined),
      seated: ({ sessionUid, peerId }, { uid }) =>
        seen.push(overview.session(uid) !== undefined && uid === sessionUid && peerId !== ''),
      paired: () => seen.push(overview.counts.paired === 1),
      ended: ({ uid }) => seen.push(overview.peer(uid) === undefined),
      finished: ({ uid, state }) => seen.push(overview.session(uid) === undefined && state === 'finished'),
    };
    const { overview, registry } = coreOf({ clock: new FakeClock(), bounds: BOUNDS, readers: [reader] });
    const sockets = [new FakeSocket(), new FakeSocket()];
    for (const socket of sockets) {
      registry.admit(socket, admission(), NO_ROOM);
      socket.receive(hello());
    }
    sockets[1]?.gone();
    expect(seen).to.deep.equal(Array.from({ length: 8 }, () => true));
  });

  it('[OBS-1] reach readers in the order in which they came, and none by the fault of another', () => {
    const told: string[] = [];
    const faults: unknown[] = [];
    const named = (name: string): EventReader => reading((event) => told.push(`${name} ${event}`));
    const broken = reading((event) => expect.fail(`broken ${event}`));
    const readers = [named('first'), {}, broken, named('last')];
    const fault = (error: unknown): void => void faults.push(error);
    const { events, registry } = coreOf({ clock: new FakeClock(), bounds: BOUNDS, readers, fault });
    events.refused(REFUSED);
    const socket = new FakeSocket();
    registry.admit(socket, admission(), NO_ROOM);
    socket.receive(hello());
    socket.gone();
    const life = ['refused', 'admitted', 'seated', 'ended', 'finished'];
    expect(told).to.deep.equal(life.flatMap((event) => [`first ${event}`, `last ${event}`]));
    expect(faults).to.have.length(life.length);
  });

  it('are told from when a reader subscribes until it ends that', () => {
    const core = new Core();
    const told: string[] = [];
    core.join();
    const stop = core.stream.subscribe(reading((event) => told.push(event)));
    const two = core.join();
    stop();
    two.socket.gone();
    expect(told).to.deep.equal(['admitted', 'seated', 'paired']);
  });

  it('make one view for all readers, and none where no reader takes the event', () => {
    let looks = 0;
    const statistics = {
      of: () => {
        looks += 1;
        return NO_INVOCATIONS;
      },
    };
    const views: SessionView[] = [];
    const silent = new Meeting({ readers: [{ admitted: () => {} }], statistics });
    silent.pair().manager.gone();
    expect(looks).to.equal(0);
    const reader = { paired: (view: SessionView) => views.push(view) };
    new Meeting({ readers: [reader, { ...reader }], statistics }).pair();
    expect([looks, views.length, views[0] === views[1]]).to.deep.equal([1, 2, true]);
  });

  it('tell in values: what is kept of an event does not change after it', () => {
    const kept: PeerView[] = [];
    const meeting = new Meeting({ readers: [{ seated: (peer) => kept.push(peer) }] });
    const { manager } = meeting.pair({ traceparent: 't', requestId: 'r', wouldDeny: 'because' });
    const [first] = kept;
    const text = JSON.stringify(first);
    manager.receive('x');
    manager.gone();
    expect(JSON.stringify(first)).to.equal(text);
    expect(first).to.deep.include({ traceparent: 't', requestId: 'r', wouldDeny: 'because', peerId: 'manager 1' });
    expect(structuredClone(first)).to.deep.equal(first);
  });
});

/** A reader that calls the same function at every event. */
function reading(tell: (event: string) => void): EventReader {
  return Object.fromEntries(EVENTS.map((event) => [event, () => tell(event)]));
}
