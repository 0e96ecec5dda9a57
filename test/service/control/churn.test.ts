import { expect } from 'chai';
import type { ControlServiceClient } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/ControlService.js';
import type { ListSessionsResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/ListSessionsResponse.js';
import type { WatchSessionsResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import { as, ControlRig } from '../../support/control.js';
import { ask, StreamLog } from '../../support/grpc-calls.js';

const SESSIONS = 1000;

/** A generator of numbers below `most`, the same in every run. */
function numbers(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % most;
  };
}

/** The view of a client that applies every event. */
function viewOf(events: readonly WatchSessionsResponse__Output[]): Map<string, string> {
  const view = new Map<string, string>();
  for (const { type, session } of events) {
    if (session === null) continue;
    if (type === 'SESSION_EVENT_TYPE_REMOVED') view.delete(session.uid);
    else view.set(session.uid, session.state);
  }
  return view;
}

describe('the control API while sessions churn', function () {
  // Thousands of sessions come and go.
  this.timeout(60_000);
  let rig: ControlRig;
  let client: ControlServiceClient;
  beforeEach(async () => {
    rig = await ControlRig.start();
    client = rig.client();
  });
  afterEach(() => rig.stop());

  it('watch and list agree with the registry after a thousand joins, leaves and kicks', async () => {
    const next = numbers(7);
    const received = new StreamLog<WatchSessionsResponse__Output>(client.watchSessions({}, as('viewer')));
    for (let n = 0; n < SESSIONS; n += 1) rig.join(`sub/${n}`);
    for (let round = 0; round < 50; round += 1) {
      for (let n = 0; n < 40; n += 1) rig.join(`sub/${next(SESSIONS)}`);
      const peers = [...rig.present.peers];
      for (let n = 0; n < 20; n += 1) peers[next(peers.length)]?.end('connection_lost');
      const session = [...rig.present.sessions.values()][next(rig.present.sessions.size)];
      await ask((done) =>
        client.kickSession({ name: `sessions/${session?.uid}`, reason: 'churn' }, as('operator'), done),
      );
    }
    rig.join('end');
    await received.until(({ messages }) => messages.at(-1)?.session?.meetup_id === 'end');
    const truth = new Map(
      [...rig.present.sessions.values()].map(({ uid, state }) => [
        uid,
        state.t === 'paired' ? 'SESSION_STATE_PAIRED' : 'SESSION_STATE_WAITING',
      ]),
    );
    expect(viewOf(received.messages)).to.deep.equal(truth);
    const listed = new Map<string, string>();
    let page_token = '';
    do {
      const page: ListSessionsResponse__Output = await ask((done) =>
        client.listSessions({ page_size: 100, page_token }, as('viewer'), done),
      );
      for (const { uid, state } of page.sessions) listed.set(uid, state);
      page_token = page.next_page_token;
    } while (page_token !== '');
    expect(listed).to.deep.equal(truth);
    received.stream.cancel();
  });

  it('a list in pages shows each session that stays exactly once while others come and go', async () => {
    const next = numbers(11);
    for (let n = 0; n < SESSIONS; n += 1) rig.pair(`sub/${n}`);
    const stays = new Set([...rig.present.sessions.values()].map(({ uid }) => uid));
    const seen: string[] = [];
    let page_token = '';
    do {
      const page: ListSessionsResponse__Output = await ask((done) =>
        client.listSessions({ page_size: 37, page_token, order_by: 'meetup_id' }, as('viewer'), done),
      );
      seen.push(...page.sessions.map(({ uid }) => uid));
      page_token = page.next_page_token;
      const live = [...rig.present.sessions.values()];
      for (let n = 0; n < 5; n += 1) {
        const gone = live[next(live.length)];
        if (
          gone !== undefined &&
          rig.steering.end({ t: 'session', uid: gone.uid }, { label: 'kicked', detail: 'churn' })
        )
          stays.delete(gone.uid);
        rig.pair(`new/${seen.length}/${n}`);
      }
    } while (page_token !== '');
    expect(new Set(seen).size).to.equal(seen.length);
    expect([...stays].filter((uid) => !seen.includes(uid))).to.deep.equal([]);
  });
});
