import { status as Code } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { ControlServiceClient } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/ControlService.js';
import type { CountReconnectsResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/CountReconnectsResponse.js';
import type { GetSessionResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/GetSessionResponse.js';
import type { KickSessionResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/KickSessionResponse.js';
import type { ListSessionsRequest } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/ListSessionsRequest.js';
import type { ListSessionsResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/ListSessionsResponse.js';
import { NO_INVOCATIONS } from '../../../proxy/session/views/statistics.js';
import { as, CERTIFICATES, ControlRig } from '../../support/control.js';
import { hello, identity } from '../../support/fixtures.js';
import { ask, detail, errorInfo, failure } from '../../support/grpc-calls.js';

describe('control of sessions', () => {
  let rig: ControlRig;
  let client: ControlServiceClient;
  beforeEach(async () => {
    rig = await ControlRig.start();
    client = rig.client();
  });
  afterEach(() => rig.stop());

  const list = (request: ListSessionsRequest = {}): Promise<ListSessionsResponse__Output> =>
    ask((done) => client.listSessions(request, as('viewer'), done));
  const kick = (request: object): Promise<KickSessionResponse__Output> =>
    ask((done) => client.kickSession(request, as('operator'), done));

  it('lists sessions with both peers, their claims, certificates and counters', async () => {
    const [one, two] = rig.pair('sub/1');
    one.socket.receive('{"message":{}}');
    const session = rig.present.sessions.get('sub/1');
    if (session === undefined) throw new Error('no session');
    rig.statistics.set(session, {
      inFlight: 1,
      completed: 4,
      errors: 1,
      answered: 3,
      latencyTotal: 4500,
      latencyMax: 2250,
      latencyP99: 2100,
      proxyTotal: 6,
      proxyMax: 3,
      peerTotal: 4494,
      peerMax: 2249,
    });

    const { sessions, total_size } = await list();
    expect(total_size).to.equal(1);
    const [shown] = sessions;
    expect(shown).to.include({ meetup_id: 'sub/1', state: 'SESSION_STATE_PAIRED', replica: 'replica-1', ending: null });
    expect(shown?.name).to.equal(`sessions/${session.uid}`);
    expect(shown?.peers.map(({ uid }) => uid)).to.deep.equal([one.peer.uid, two.peer.uid]);
    expect(shown?.peers[0]).to.include({ peer_class: 'micronets-gateway-service', peer_id: 'gw service 1' });
    expect(shown?.peers[0]?.identity?.fingerprint).to.equal(one.peer.admission.identity.fingerprint);
    expect(shown?.peers[0]?.counters).to.include({ messages_in: '2', bytes_in: String(14 + hello().length) });
    expect(shown?.invocations).to.include({ in_flight: '1', completed: '4', errors: '1' });
    expect(shown?.invocations?.mean_latency).to.deep.equal({ seconds: '1', nanos: 500_000_000 });
    expect(shown?.invocations?.max_latency).to.deep.equal({ seconds: '2', nanos: 250_000_000 });
    expect(shown?.invocations?.p99_latency).to.deep.equal({ seconds: '2', nanos: 100_000_000 });
    expect(shown?.invocations?.mean_proxy_latency).to.deep.equal({ seconds: '0', nanos: 2_000_000 });
    expect(shown?.invocations?.max_proxy_latency).to.deep.equal({ seconds: '0', nanos: 3_000_000 });
    expect(shown?.invocations?.mean_peer_latency).to.deep.equal({ seconds: '1', nanos: 498_000_000 });
    expect(shown?.invocations?.max_peer_latency).to.deep.equal({ seconds: '2', nanos: 249_000_000 });
  });

  it('filters, orders and pages', async () => {
    for (const id of ['gw/b', 'sub/c', 'gw/a']) rig.pair(id);
    rig.join('sub/d');
    const names = ({ sessions }: ListSessionsResponse__Output): string[] => sessions.map((one) => one.meetup_id);
    expect(names(await list({ filter: 'state = WAITING' }))).to.deep.equal(['sub/d']);
    expect(names(await list({ filter: 'meetup_id = "gw/*"', order_by: 'meetup_id desc' }))).to.deep.equal([
      'gw/b',
      'gw/a',
    ]);
    const first = await list({ page_size: 3 });
    const second = await list({ page_size: 3, page_token: first.next_page_token });
    expect([...names(first), ...names(second)]).to.deep.equal(['gw/b', 'sub/c', 'gw/a', 'sub/d']);
    expect(second.next_page_token).to.equal('');
  });

  it('filters and orders by the figures of the moment', async () => {
    const given = [
      ['sub/slow', { latencyP99: 3100, answered: 9 }],
      ['sub/bad', { errors: 7, completed: 9 }],
      ['sub/busy', { inFlight: 3 }],
      ['sub/idle', {}],
    ] as const;
    for (const [id, figures] of given) {
      const [{ peer }] = rig.pair(id);
      if (peer.session !== undefined) rig.statistics.set(peer.session, { ...NO_INVOCATIONS, ...figures });
    }
    const [waits] = rig.pair('sub/full');
    waits.socket.backlog = 70_000;
    const names = ({ sessions }: ListSessionsResponse__Output): string[] => sessions.map((one) => one.meetup_id);
    const first = async (order_by: string) => names(await list({ order_by }))[0];
    expect(await first('latency desc')).to.equal('sub/slow');
    expect(await first('errors desc')).to.equal('sub/bad');
    expect(await first('in_flight desc')).to.equal('sub/busy');
    expect(await first('backlog desc')).to.equal('sub/full');
    expect(await first('age desc')).to.equal('sub/slow');
    expect(await first('age')).to.equal('sub/full');
    const found = async (filter: string) => names(await list({ filter }));
    expect(await found('errors > 0 OR latency >= 3.1s')).to.deep.equal(['sub/slow', 'sub/bad']);
    expect(await found('backlog > 64KiB AND age < 1h')).to.deep.equal(['sub/full']);
    expect(await found('in_flight = 0 AND NOT backlog > 0 AND errors = 0 AND latency < 1s')).to.deep.equal([
      'sub/idle',
    ]);
    expect(await found('age > 1h')).to.deep.equal([]);
    const seen: string[] = [];
    let token = '';
    do {
      const page = await list({ order_by: 'errors desc', page_size: 2, page_token: token });
      seen.push(...names(page));
      token = page.next_page_token;
    } while (token !== '');
    expect(seen[0]).to.equal('sub/bad');
    expect(seen.toSorted()).to.deep.equal(['sub/bad', 'sub/busy', 'sub/full', 'sub/idle', 'sub/slow']);
    const wrong = await failure(list({ filter: 'latency > soon' }));
    expect(wrong.details).to.contain('filter: character 11: latency: soon: it is not a duration such as 500ms');
  });

  it('tells how often the peers of a meetup had to meet anew in the last hour', async () => {
    rig.pair('sub/steady');
    for (let times = 0; times < 3; times += 1) rig.pair('sub/flaps')[0].peer.end('kicked', 'again');
    rig.pair('sub/flaps');
    const { sessions } = await list({ order_by: 'meetup_id' });
    expect(sessions.map(({ reconnects }) => reconnects)).to.deep.equal([{ last_hour: 3 }, { last_hour: 0 }]);
    const name = sessions[0]?.name ?? '';
    const { session } = await ask<GetSessionResponse__Output>((done) =>
      client.getSession({ name }, as('viewer'), done),
    );
    expect(session?.reconnects).to.deep.equal({ last_hour: 3 });
    const count = (...meetup_ids: string[]): Promise<CountReconnectsResponse__Output> =>
      ask((done) => client.countReconnects({ meetup_ids }, as('viewer'), done));
    expect((await count('sub/nobody', 'sub/flaps')).last_hour).to.deep.equal([0, 3]);
    expect((await failure(count())).details).to.equal('meetup_ids: must be from 1 to 500');
  });

  it('says which field of a request is wrong', async () => {
    const error = await failure(list({ filter: 'colour = red' }));
    expect(error.code).to.equal(Code.INVALID_ARGUMENT);
    expect(errorInfo(error)).to.include({ reason: 'FIELD_INVALID' });
    const bad = detail<{ field_violations: { field: string; description: string }[] }>(error, 'BadRequest');
    expect(bad.field_violations[0]?.field).to.equal('filter');
    expect(bad.field_violations[0]?.description).to.contain('no field "colour"');
    expect((await failure(list({ order_by: 'bytes' }))).details).to.contain('order_by: must be one of');
  });

  it('gets a session by name, and says when there is none', async () => {
    rig.pair('sub/1');
    const [{ name } = { name: '' }] = (await list()).sessions;
    const { session } = await ask<{ session: { meetup_id: string } }>((done) =>
      client.getSession({ name }, as('viewer'), done as never),
    );
    expect(session.meetup_id).to.equal('sub/1');
    const error = await failure(ask((done) => client.getSession({ name: 'sessions/none' }, as('viewer'), done)));
    expect(error.code).to.equal(Code.NOT_FOUND);
    expect(detail(error, 'ResourceInfo')).to.include({ resource_type: 'Session', resource_name: 'sessions/none' });
  });

  it('kicks both peers with the reason', async () => {
    const [one, two] = rig.pair('sub/1');
    const [{ name } = { name: '' }] = (await list()).sessions;
    const answer = await kick({ name, reason: 'maintenance' });
    expect(answer.kicked_peer_uids).to.deep.equal([one.peer.uid, two.peer.uid]);
    expect(answer.session).to.include({ state: 'SESSION_STATE_FINISHED' });
    expect(answer.session?.ending).to.deep.equal({
      label: 'kicked',
      code: 4410,
      text: 'kicked by an operator: maintenance',
    });
    for (const { socket } of [one, two]) {
      expect(socket.closedWith).to.deep.equal({ code: 4410, reason: 'kicked by an operator: maintenance' });
    }
    expect(answer.blocks).to.deep.equal([]);
    expect((await list()).sessions).to.deep.equal([]);
  });

  it('kicks one peer; the other is told that its peer went', async () => {
    const [one, two] = rig.pair('sub/1');
    const [{ name } = { name: '' }] = (await list()).sessions;
    await kick({ name, peer_uid: two.peer.uid, reason: 'x' });
    expect(two.socket.closedWith?.code).to.equal(4410);
    expect(one.socket.closedWith).to.deep.equal({ code: 1002, reason: 'the peer websocket disconnected' });
  });

  it('can keep the kicked out for a time, of this meetup only', async () => {
    const shared = identity();
    rig.join('sub/1', { identity: shared });
    rig.join('sub/1', { identity: shared });
    const [{ name } = { name: '' }] = (await list()).sessions;
    const answer = await kick({ name, reason: 'x', block_duration: { seconds: 60 } });
    expect(answer.blocks).to.have.length(1);
    expect(answer.blocks[0]).to.include({
      fingerprint: shared.fingerprint,
      meetup_id: 'sub/1',
      creator: 'CN=operator,O=Micronets',
    });
    expect(rig.blocks.check(shared, 'sub/1', Date.now())?.reason).to.equal('x');
    expect(rig.blocks.check(shared, 'sub/2', Date.now())).to.equal(undefined);
    expect(rig.blocks.check(shared, 'sub/1', Date.now() + 60_000)).to.equal(undefined);
  });

  it('does a kick once for one request id, and refuses the id for another request', async () => {
    const [{ peer }] = [rig.join('sub/1')];
    const [{ name } = { name: '' }] = (await list()).sessions;
    const request = { name, reason: 'x', request_id: 'id-1' };
    const first = await kick(request);
    expect(first.kicked_peer_uids).to.deep.equal([peer.uid]);
    expect(await kick(request)).to.deep.equal(first);
    const error = await failure(kick({ ...request, reason: 'y' }));
    expect(errorInfo(error).reason).to.equal('REQUEST_ID_REUSED');
    expect((await failure(kick({ name, reason: 'x' }))).code).to.equal(Code.NOT_FOUND);
  });

  const wrong: readonly [string, object][] = [
    ['name', { name: 'x', reason: 'r' }],
    ['reason', { reason: '' }],
    ['reason', { reason: 'two\nlines' }],
    ['reason', { reason: 'ü'.repeat(51) }],
    ['block_duration', { reason: 'r', block_duration: { seconds: 0 } }],
    ['block_duration', { reason: 'r', block_duration: { seconds: 31 * 86_400 } }],
    ['request_id', { reason: 'r', request_id: 'a b' }],
  ];
  for (const [field, request] of wrong) {
    it(`refuses a kick with a wrong ${field}: ${JSON.stringify(request).slice(0, 50)}`, async () => {
      const { peer } = rig.join('sub/1');
      const error = await failure(kick({ name: `sessions/${peer.session?.uid}`, ...request }));
      expect(errorInfo(error).metadata).to.include({ field });
      expect(peer.state.t).to.equal('seated');
    });
  }

  it('kicks nobody when there is no such peer', async () => {
    const { peer } = rig.join('sub/1');
    const request = { name: `sessions/${peer.session?.uid}`, peer_uid: 'nobody', reason: 'r' };
    expect(errorInfo(await failure(kick(request))).reason).to.equal('PEER_NOT_FOUND');
    expect(peer.state.t).to.equal('seated');
  });

  it('writes a line of audit for every call, refused ones included, without what is secret', async () => {
    rig.join('sub/1');
    await list({ filter: 'state = WAITING' });
    await failure(ask((done) => client.listSessions({}, as('peer'), done)));
    await failure(
      ask((done) => client.explainAccess({ certificate_pem: 'SECRET', meetup_id: 'x' }, as('viewer'), done)),
    );
    expect(rig.audit.map(({ method, code }) => [method.split('/').at(-1), code])).to.deep.equal([
      ['ListSessions', 'OK'],
      ['ListSessions', 'PERMISSION_DENIED'],
      ['ExplainAccess', 'INVALID_ARGUMENT'],
    ]);
    expect(rig.audit[0]?.request).to.deep.equal({ filter: 'state = WAITING' });
    expect(rig.audit[1]?.caller?.fingerprint).to.equal(CERTIFICATES.peer);
    expect(JSON.stringify(rig.audit)).not.to.contain('SECRET');
  });

  it('refuses calls without an identity, and with a certificate that has expired', async () => {
    const { Metadata } = await import('@grpc/grpc-js');
    const bare = await failure(ask((done) => client.listSessions({}, new Metadata(), done)));
    expect([bare.code, errorInfo(bare).reason]).to.deep.equal([Code.UNAUTHENTICATED, 'IDENTITY_MISSING']);
    const odd = as('viewer');
    odd.set('x-peer-fingerprint', 'f'.repeat(64));
    const malformed = await failure(ask((done) => client.listSessions({}, odd, done)));
    expect(errorInfo(malformed).reason).to.equal('IDENTITY_MALFORMED');
    const old = await failure(ask((done) => client.listSessions({}, as('viewer', { notAfter: 1 }), done)));
    expect(errorInfo(old).reason).to.equal('CERTIFICATE_EXPIRED');
  });
});
