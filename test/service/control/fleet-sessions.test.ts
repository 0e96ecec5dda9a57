import { once } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { status as Code, type Metadata } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { CountReconnectsResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/CountReconnectsResponse.js';
import type { KickSessionResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/KickSessionResponse.js';
import type { ListSessionsRequest } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/ListSessionsRequest.js';
import type { ListSessionsResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/ListSessionsResponse.js';
import type { Session__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/Session.js';
import type { TapSessionResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/TapSessionResponse.js';
import { HOP_HEADER, OWNER_HEADER } from '../../../proxy/ports/hop-headers.js';
import { as, CERTIFICATES, type JoinedPeer } from '../../support/control.js';
import { FleetRig, type FleetWay } from '../../support/fleet.js';
import { ask, errorInfo, failure, StreamLog } from '../../support/grpc-calls.js';

describe('the way between replicas', () => {
  const PROXY = 'grpc_proxy';
  let before: string | undefined;
  let fleet: FleetRig;
  beforeEach(() => {
    before = process.env[PROXY];
  });
  afterEach(async () => {
    if (before === undefined) delete process.env[PROXY];
    else process.env[PROXY] = before;
    await fleet.stop();
  });
  const unreachable = async (): Promise<readonly string[]> => {
    const answer = await ask<ListSessionsResponse__Output>((done) =>
      fleet.client(0).listSessions({}, as('viewer'), done),
    );
    return answer.unreachable_replicas;
  };

  it('is not by the HTTP proxy of the environment', async () => {
    process.env[PROXY] = 'http://127.0.0.1:1';
    fleet = await FleetRig.start('tls');
    expect(await unreachable()).to.deep.equal([]);
  });

  it('shows the headers of a caller to nobody whose certificate does not have the name of a replica', async () => {
    fleet = await FleetRig.start('tls', { asked: 'another.ws-proxy.test' });
    expect(await unreachable()).to.deep.equal(['r2', 'r3']);
    expect(fleet.at(1).rig.audit).to.deep.equal([]);
  });
});

for (const way of ['unix', 'tls'] satisfies FleetWay[]) {
  describe(`control of the sessions of a fleet, over ${way}`, function () {
    // A replica that is silent is waited for.
    this.timeout(20_000);
    let fleet: FleetRig;
    beforeEach(async () => {
      fleet = await FleetRig.start(way);
    });
    afterEach(() => fleet.stop());

    const list = (at: number, request: ListSessionsRequest = {}): Promise<ListSessionsResponse__Output> =>
      ask((done) => fleet.client(at).listSessions(request, as('viewer'), done));
    const join = (at: number, meetupId: string): JoinedPeer => fleet.at(at).rig.join(meetupId);
    const nameOf = ({ peer }: JoinedPeer): string => `sessions/${peer.session?.uid}`;
    const get = (at: number, name: string) =>
      ask<{ session: Pick<Session__Output, 'replica' | 'reconnects'> }>((done) =>
        fleet.client(at).getSession({ name }, as('viewer'), done as never),
      );
    const kick = (at: number, request: object): Promise<KickSessionResponse__Output> =>
      ask((done) => fleet.client(at).kickSession({ reason: 'x', ...request }, as('operator'), done));

    it('lists all of them from any replica, page by page over several', async () => {
      for (let n = 0; n < 9; n += 1) join(n % 3, `sub/${n}`);
      const lists = await Promise.all([0, 1, 2].map((at) => list(at, { order_by: 'meetup_id' })));
      for (const { sessions, total_size, unreachable_replicas } of lists) {
        expect(sessions.map(({ meetup_id, replica }) => [meetup_id, replica])).to.deep.equal(
          Array.from({ length: 9 }, (_, n) => [`sub/${n}`, `r${(n % 3) + 1}`]),
        );
        expect([total_size, unreachable_replicas]).to.deep.equal([9, []]);
      }
      const seen: string[] = [];
      let page_token = '';
      let at = 0;
      do {
        const page = await list(at % 3, { page_size: 2, page_token });
        seen.push(...page.sessions.map(({ meetup_id }) => meetup_id));
        page_token = page.next_page_token;
        at += 1;
      } while (page_token !== '');
      const { sessions } = await list(0);
      expect(seen).to.deep.equal(sessions.map(({ meetup_id }) => meetup_id));
      expect(new Set(seen).size).to.equal(9);
      expect((await list(1, { filter: 'replica = "r3"' })).total_size).to.equal(3);
      expect(errorInfo(await failure(list(2, { filter: 'colour = red' }))).metadata).to.include({ field: 'filter' });
    });

    it('names the replicas that do not answer, and shows the sessions of the others', async () => {
      for (let n = 0; n < 3; n += 1) join(n, `sub/${n}`);
      fleet.at(2).line.become('cut');
      expect(await list(0)).to.deep.include({ total_size: 2, unreachable_replicas: ['r3'] });
      fleet.at(1).line.become('silent');
      expect(await list(0)).to.deep.include({ total_size: 1, unreachable_replicas: ['r2', 'r3'] });
      for (const { line } of fleet.replicas) line.become('well');
      // The channels are tried again soon.
      let left = await list(0);
      while (left.unreachable_replicas.length > 0) left = await list(0);
      expect(left.total_size).to.equal(3);
    });

    it('gets a session wherever it is, and knows whether it is nowhere', async () => {
      const name = nameOf(join(2, 'sub/1'));
      for (const at of [0, 1, 2]) expect((await get(at, name)).session.replica).to.equal('r3');
      const nowhere = await failure(get(0, 'sessions/none'));
      expect([nowhere.code, errorInfo(nowhere).reason]).to.deep.equal([Code.NOT_FOUND, 'SESSION_NOT_FOUND']);
      fleet.at(1).line.become('silent');
      // The one that has it answers, whoever is silent.
      expect((await get(0, name)).session.replica).to.equal('r3');
      const unknown = await failure(get(0, 'sessions/none'));
      expect([unknown.code, errorInfo(unknown).reason]).to.deep.equal([Code.UNAVAILABLE, 'REPLICA_UNREACHABLE']);
      expect(errorInfo(unknown).metadata).to.deep.equal({ replicas: 'r2' });
      expect(unknown.details).to.contain('replica r2 did not answer: whether one of them has sessions/none');
    });

    it('counts how often the peers of a meetup met anew on all replicas together', async () => {
      for (const at of [0, 1, 2, 1]) join(at, 'sub/flaps').peer.end('kicked', 'again');
      const name = nameOf(join(2, 'sub/flaps'));
      join(0, 'sub/steady');
      // A replica that has not counted in time is not counted: on a busy machine the question is asked again.
      const counted = async (at: number): Promise<boolean> => {
        const { sessions } = await list(at, { order_by: 'meetup_id' });
        const { session } = await get(at, name);
        const told = [...sessions, session].map(({ reconnects }) => reconnects?.last_hour);
        return told.join(' ') === '4 0 4';
      };
      for (const at of [0, 1, 2]) while (!(await counted(at)));
      const meetup_ids = ['sub/nobody', 'sub/flaps'];
      const answer = await ask<CountReconnectsResponse__Output>((done) =>
        fleet.client(1).countReconnects({ meetup_ids }, as('viewer'), done),
      );
      expect(answer).to.deep.equal({ last_hour: [0, 4], unreachable_replicas: [] });
    });

    it('kicks wherever the session is, once for one request id, from whichever replica it is repeated', async () => {
      const [one, two] = fleet.at(1).rig.pair('sub/1');
      const request = { name: nameOf(one), reason: 'lost', request_id: 'id-1' };
      const first = await kick(0, request);
      expect(first.kicked_peer_uids).to.deep.equal([one.peer.uid, two.peer.uid]);
      expect(first.session).to.include({ replica: 'r2', state: 'SESSION_STATE_FINISHED' });
      for (const { socket } of [one, two]) {
        expect(socket.closedWith).to.deep.equal({ code: 4410, reason: 'kicked by an operator: lost' });
      }
      expect(await kick(2, request)).to.deep.equal(first);
      expect(await kick(0, request)).to.deep.equal(first);
      const again = await failure(kick(0, { ...request, request_id: '' }));
      expect(again.code).to.equal(Code.NOT_FOUND);
      const unknownPeer = await failure(kick(0, { name: nameOf(join(2, 'sub/2')), peer_uid: 'none' }));
      expect(errorInfo(unknownPeer).reason).to.equal('PEER_NOT_FOUND');
    });

    it('says that it cannot tell whether a kick found its session, while a replica is silent', async () => {
      const lost = join(1, 'sub/1');
      fleet.at(1).line.become('silent');
      const error = await failure(kick(0, { name: nameOf(lost) }));
      expect([error.code, errorInfo(error).reason]).to.deep.equal([Code.UNAVAILABLE, 'REPLICA_UNREACHABLE']);
    });

    it('keeps the kicked away from every replica, and tells them the kick', async () => {
      const [one, two] = fleet.at(2).rig.pair('sub/1');
      const { blocks } = await kick(0, { name: nameOf(one), block_duration: { seconds: 60 } });
      expect(blocks).to.have.length(2);
      for (const { socket } of [one, two]) expect(socket.closedWith?.code).to.equal(4410);
      for (const { rig } of fleet.replicas) {
        expect(rig.blocks.check(one.peer.admission.identity, 'sub/1', Date.now())?.reason).to.equal('x');
      }
    });

    it('taps a session of another replica, and ends with it', async () => {
      const [one, two] = fleet.at(1).rig.pair('sub/1');
      const tap = new StreamLog<TapSessionResponse__Output>(
        fleet.client(0).tapSession({ name: nameOf(one), include_bodies: true }, as('tapper')),
      );
      await tap.until(({ isSetUp, isOver }) => isSetUp || isOver);
      expect(fleet.at(1).rig.taps.size).to.equal(1);
      one.socket.receive('hello there');
      await tap.until(({ messages, isOver }) => messages.length > 0 || isOver);
      expect(tap.messages[0]?.message?.body.toString()).to.equal('hello there');
      two.socket.gone();
      await tap.until(({ isOver }) => isOver);
      expect(tap.error).to.equal(undefined);
      const denied = new StreamLog(
        fleet.client(0).tapSession({ name: nameOf(join(2, 'sub/9')), include_bodies: true }, as('operator')),
      );
      await denied.until(({ isOver }) => isOver);
      expect(denied.error?.code).to.equal(Code.PERMISSION_DENIED);
      const nowhere = new StreamLog(fleet.client(0).tapSession({ name: 'sessions/none' }, as('operator')));
      await nowhere.until(({ isOver }) => isOver);
      expect(nowhere.error?.code).to.equal(Code.NOT_FOUND);
    });

    it('explains access for a peer of another replica', async () => {
      const { peer } = join(2, 'sub/1');
      const explain = (peer_uid: string) =>
        ask<object>((done) =>
          fleet.client(0).explainAccess({ peer_uid, meetup_id: 'gw/1' }, as('viewer'), done as never),
        );
      const { fingerprint } = peer.admission.identity;
      expect(await explain(peer.uid)).to.include({ allowed: false, refusal: 'policy_denied', fingerprint });
      expect(errorInfo(await failure(explain('none'))).reason).to.equal('PEER_NOT_FOUND');
    });

    it('asks each replica whether the caller may, and writes one line of audit, with a refusal where it was made', async () => {
      const lost = join(1, 'sub/1');
      join(2, 'sub/2');
      const second = fleet.at(1).rig;
      second.grants[CERTIFICATES.viewer] = { level: 'none', tapBodies: false };
      expect(await list(0)).to.deep.include({ total_size: 1, unreachable_replicas: ['r2'] });
      const denied = await failure(get(0, nameOf(lost)));
      expect([denied.code, errorInfo(denied).reason]).to.deep.equal([Code.PERMISSION_DENIED, 'RIGHT_MISSING']);
      const told = ({ audit }: typeof second): string[] =>
        audit.map(({ method, code }) => `${method.split('/').at(-1)} ${code}`);
      await fleet.at(0).rig.audited(2);
      expect(told(fleet.at(0).rig)).to.deep.equal(['ListSessions OK', 'GetSession PERMISSION_DENIED']);
      expect(told(second)).to.deep.equal(['ListSessions PERMISSION_DENIED', 'GetSession PERMISSION_DENIED']);
      expect(told(fleet.at(2).rig)).to.deep.equal([]);
      expect(second.audit[0]?.caller?.fingerprint).to.equal(CERTIFICATES.viewer);
    });

    it('answers all of them as JSON, whatever marks of a hop a client gives itself', async () => {
      for (const at of [0, 1, 2]) join(at, `sub/${at}`);
      const headers = { ...as('viewer').getMap(), [HOP_HEADER]: 'r2-2', [OWNER_HEADER]: 'r1-1' } as OutgoingHttpHeaders;
      const asked = request({ socketPath: fleet.at(0).rig.socketPath, path: '/v1/sessions', headers, agent: false });
      asked.end();
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      expect(JSON.parse(text)).to.deep.include({ totalSize: 3, unreachableReplicas: [] });
    });

    it('answers another replica for itself alone, and not in the name of an earlier run', async () => {
      join(0, 'sub/1');
      join(1, 'sub/2');
      const hop = (to: string): Metadata => {
        const headers = as('viewer');
        headers.set(HOP_HEADER, 'r2-2');
        headers.set(OWNER_HEADER, to);
        return headers;
      };
      const asked = (to: string): Promise<ListSessionsResponse__Output> =>
        ask((done) => fleet.client(0).listSessions({}, hop(to), done));
      expect((await asked(fleet.at(0).incarnation)).total_size).to.equal(1);
      const replaced = await failure(asked('r1-0'));
      expect(errorInfo(replaced).reason).to.equal('REPLICA_REPLACED');
    });
  });
}
