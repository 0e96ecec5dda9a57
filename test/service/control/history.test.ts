import { setImmediate } from 'node:timers/promises';
import { status as Code, Metadata } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { GetHistoryResponse__Output as History } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/GetHistoryResponse.js';
import type { ListCallsResponse__Output as Calls } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/ListCallsResponse.js';
import type { ListRefusalsResponse__Output as Refusals } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/ListRefusalsResponse.js';
import type { WatchHistoryResponse__Output as Happening } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/WatchHistoryResponse.js';
import { EDGE_LOGS } from '../../../proxy/control/rpc/rights.js';
import { refusal } from '../../../proxy/wire/close.js';
import { as, ControlRig } from '../../support/control.js';
import { identity } from '../../support/fixtures.js';
import { FleetRig } from '../../support/fleet.js';
import { ask, errorInfo, failure, StreamLog } from '../../support/grpc-calls.js';
import { request, response } from '../../support/pair.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const HEADERS = [{ name: 'traceparent', value: `00-${TRACE}-b7ad6b7169203331-01` }];

const history = (rig: ControlRig, meetup_id: string): Promise<History> =>
  ask((done) => rig.client().getHistory({ meetup_id }, as('viewer'), done));
const refusals = (rig: ControlRig, given: object = {}): Promise<Refusals> =>
  ask((done) => rig.client().listRefusals(given, as('viewer'), done));
const calls = (rig: ControlRig, given: object = {}): Promise<Calls> =>
  ask((done) => rig.client().listCalls(given, as('viewer'), done));

/** One call from the first peer to the second, which ends before this resolves. */
async function call(rig: ControlRig, meetup: string, id: number, status: number, given: object = {}): Promise<void> {
  const session = rig.present.sessions.get(meetup);
  const sockets = session?.peers.map(({ socket }) => socket) ?? [];
  const ended = new Promise<void>((resolve) => {
    const undo = rig.memory.callFollowers.add(() => {
      undo();
      resolve();
    });
  });
  const [one, two] = sockets as unknown as { receive(text: string): void }[];
  one?.receive(request(id, { ...given }));
  two?.receive(response(id, status));
  await ended;
}

/** Resolves in a later millisecond: when a call began is known to one of them, give or take one. */
async function later(): Promise<void> {
  const now = Date.now();
  while (Date.now() <= now + 1) await setImmediate();
}

const refuse = (rig: ControlRig, meetupId: string, who = identity()): void =>
  rig.memory.refused({
    refusal: refusal('policy_denied'),
    detail: 'no rule lets it in',
    target: `/micronets/v1/ws-proxy/${meetupId}`,
    remote: '192.0.2.7',
    requestId: '',
    meetupId,
    identity: who,
  });

describe('what happened, by the control API', () => {
  let rig: ControlRig;
  beforeEach(async () => {
    rig = await ControlRig.start();
  });
  afterEach(() => rig.stop());

  it('of a meetup: who came, was refused and went, the calls, and what is wrong in words', async () => {
    const [, gateway] = rig.pair('sub/1');
    await call(rig, 'sub/1', 1, 200, { path: '/ok', headers: HEADERS });
    await call(rig, 'sub/1', 2, 502, { path: '/bad' });
    refuse(rig, 'sub/1', identity({ subject: 'CN=stranger' }));
    gateway.socket.gone('connection_lost', 1006);
    const told = await history(rig, 'sub/1');
    expect(told.past).to.have.length(2);
    expect(told.refusals.map(({ reason, subject, times }) => [reason, subject, times])).to.deep.equal([
      ['policy_denied', 'CN=stranger', '1'],
    ]);
    expect(told.calls.map(({ trace_id, path }) => [trace_id, path])).to.deep.equal([[TRACE, '/ok']]);
    expect(told.calls[0]?.trace_url).to.equal(`https://jaeger.example/trace/${TRACE}`);
    expect(told.failed_calls.map(({ failure: kind, status_code: code }) => [kind, code])).to.deep.equal([
      ['answered_5xx', 502],
    ]);
    expect(told.summary).to.deep.include({ calls: '2', answered_5xx: '1', not_answered: '0', answered: '2' });
    expect(told.kept_calls).to.deep.equal({ seen: '2', kept: '2' });
    const words = told.findings.join('\n');
    expect(words)
      .to.match(/CN=stranger was refused at [\d:]+: policy_denied: no rule lets it in\./)
      .and.to.match(/Nobody is here\. The last .* connection_lost/)
      .and.to.contain('answered 502: the HTTP API behind it (its upstream) is down');
  });

  it('of a meetup where nothing happened: it says so', async () => {
    const told = await history(rig, 'sub/none');
    expect(told.since_time).to.equal(null);
    expect(told.findings.join()).to.contain('Nothing is remembered of this meetup');
  });

  it('finds calls by trace id, failure, length and beginning of the meetup', async () => {
    rig.pair('sub/1');
    rig.pair('gw/2');
    await call(rig, 'sub/1', 1, 200, { headers: HEADERS });
    await later();
    await call(rig, 'gw/2', 1, 404);
    const found = async (given: object): Promise<readonly string[]> =>
      (await calls(rig, given)).calls.map(({ meetup_id: meetup }) => meetup);
    expect(await found({})).to.deep.equal(['gw/2', 'sub/1']);
    expect(await found({ trace_id: TRACE })).to.deep.equal(['sub/1']);
    expect(await found({ failed: true })).to.deep.equal(['gw/2']);
    expect(await found({ meetup_id: 'sub/' })).to.deep.equal(['sub/1']);
    expect(await found({ slower_than: { seconds: 5, nanos: 0 } })).to.deep.equal([]);
    expect(await found({ limit: 1 })).to.deep.equal(['gw/2']);
    const wrong = await failure(calls(rig, { trace_id: 'xyz' }));
    expect(errorInfo(wrong).metadata).to.deep.include({ field: 'trace_id' });
  });

  it('lists refusals by time, subject, meetup and certificate, those at the handshake too', async () => {
    const who = identity({ subject: 'CN=gw-17,O=Acme' });
    for (const meetup of ['sub/1', 'sub/1', 'sub/2']) refuse(rig, meetup, who);
    const shown = { target: 'proxy', remote: '192.0.2.9', at: Date.now() - 7_200_000 };
    const claimed = { subject: 'CN=old,O=Acme', fingerprint: 'cd'.repeat(32), detail: 'certificate revoked' };
    rig.memory.handshakeRefused({ ...shown, ...claimed });
    const found = async (given: object): Promise<readonly unknown[]> =>
      (await refusals(rig, given)).refusals.map(({ meetup_id: at, times, verified }) => [at, times, verified]);
    const both = [
      ['sub/2', '1', true],
      ['sub/1', '2', true],
    ];
    expect(await found({})).to.deep.equal([...both, ['', '1', false]]);
    expect(await found({ since: { seconds: 3600, nanos: 0 } })).to.deep.equal(both);
    expect(await found({ subject: 'GW-17' })).to.deep.equal(both);
    expect(await found({ meetup_id: 'sub/2' })).to.deep.equal([both[0]]);
    expect(await found({ fingerprint: who.fingerprint })).to.deep.equal(both);
    expect((await refusals(rig)).kept).to.deep.equal({ seen: '4', kept: '3' });
    expect((await refusals(rig)).edge_report_time).not.to.equal(null);
  });

  it('sends what happens, as it is asked for', async () => {
    const all = new StreamLog<Happening>(rig.client().watchHistory({ meetup_id: 'sub/' }, as('viewer')));
    const failed = new StreamLog<Happening>(
      rig.client().watchHistory({ calls: true, failed: true, meetup_id: 'sub/' }, as('viewer')),
    );
    await Promise.all([all, failed].map((one) => one.until(({ isSetUp }) => isSetUp)));
    rig.join('gw/1');
    rig.pair('sub/1');
    refuse(rig, 'sub/1');
    await call(rig, 'sub/1', 1, 200);
    await call(rig, 'sub/1', 2, 500);
    await all.until(({ messages }) => messages.length === 7);
    await failed.until(({ messages }) => messages.length === 1);
    expect(failed.messages[0]?.call).to.include({ status_code: 500, meetup_id: 'sub/1' });
    expect(all.messages.map(({ happening }) => happening)).to.deep.equal([
      ...['visit', 'visit', 'visit', 'visit', 'refusal', 'call', 'call'],
    ]);
  });

  it('takes what the edge tells of handshakes from nobody who has a certificate', async () => {
    const path = `${EDGE_LOGS}Export`;
    const asIs = (bytes: Buffer): Buffer => bytes;
    const tell = (bytes: Buffer, headers = new Metadata()): Promise<Buffer> =>
      ask((done) => rig.client().makeUnaryRequest(path, asIs, asIs, bytes, headers, done));
    expect((await tell(Buffer.alloc(0))).length).to.equal(0);
    expect((await failure(tell(Buffer.from([255, 255])))).code).to.equal(Code.INVALID_ARGUMENT);
    expect((await failure(tell(Buffer.alloc(0), as('admin')))).code).to.equal(Code.PERMISSION_DENIED);
    expect(rig.audit.map(({ code }) => code)).to.deep.equal(['PERMISSION_DENIED']);
  });

  it('explains the access of a certificate that is remembered, with no file', async () => {
    const who = identity({ subject: 'CN=gw-17,O=Acme' });
    refuse(rig, 'gw/1', who);
    refuse(rig, 'gw/2', identity({ subject: 'CN=gw-18,O=Acme' }));
    const explain = (given: object): Promise<{ refusal: string; fingerprint: string }> =>
      ask((done) => rig.client().explainAccess({ meetup_id: 'gw/1', ...given }, as('viewer'), done as never));
    for (const given of [{ last_refused: true }, { fingerprint: who.fingerprint }, { subject_part: 'gw-17' }]) {
      expect(await explain(given)).to.include({ refusal: 'policy_denied', fingerprint: who.fingerprint });
    }
    const many = await failure(explain({ subject_part: 'o=acme' }));
    expect(many.details).to.contain('fits 2 certificates').and.to.contain('CN=gw-18,O=Acme');
    expect((await failure(explain({ subject_part: 'nobody' }))).code).to.equal(Code.NOT_FOUND);
    expect((await failure(explain({ meetup_id: 'gw/9', last_refused: true }))).code).to.equal(Code.NOT_FOUND);
  });
});

describe('what happened on several replicas', function () {
  // A replica that is silent is waited for.
  this.timeout(20_000);
  let fleet: FleetRig;
  beforeEach(async () => {
    fleet = await FleetRig.start();
  });
  afterEach(() => fleet.stop());

  it('is one answer, and who does not answer is named', async () => {
    for (const at of [0, 1, 2]) {
      const { rig } = fleet.at(at);
      const [, gateway] = rig.pair('sub/1');
      await call(rig, 'sub/1', 1, at === 2 ? 500 : 200, at === 1 ? { headers: HEADERS } : {});
      refuse(rig, 'sub/1', identity({ subject: `CN=r${at + 1}` }));
      if (at < 2) gateway.socket.gone();
    }
    const { rig } = fleet.at(0);
    const told = await history(rig, 'sub/1');
    expect(told.present.map(({ replica }) => replica)).to.deep.equal(['r3', 'r3']);
    expect(told.past.map(({ replica }) => replica).sort()).to.deep.equal(['r1', 'r1', 'r2', 'r2']);
    expect(told.summary).to.deep.include({ calls: '3', answered_5xx: '1', answered: '3' });
    expect([told.meetings, told.kept_calls, told.kept_visits]).to.deep.equal([
      '3',
      { seen: '3', kept: '3' },
      { seen: '6', kept: '6' },
    ]);
    expect((await calls(rig, { trace_id: TRACE })).calls.map(({ replica }) => replica)).to.deep.equal(['r2']);
    expect((await refusals(rig)).refusals.map(({ replica }) => replica)).to.have.members(['r1', 'r2', 'r3']);
    fleet.at(1).line.become('cut');
    expect((await history(rig, 'sub/1')).unreachable_replicas).to.deep.equal(['r2']);
    const part = await calls(rig);
    expect([part.total_size, part.unreachable_replicas]).to.deep.equal([2, ['r2']]);
    const wrong = await failure(calls(rig, { limit: -1 }));
    expect(errorInfo(wrong).metadata).to.deep.include({ field: 'limit' });
  });

  it('tells which certificate is explained: the last that any of them refused, or the only one with such a subject', async () => {
    const explain = (given: object): Promise<{ fingerprint: string; certificate_subject: string; steps: string[] }> =>
      ask((done) => fleet.client(0).explainAccess({ meetup_id: 'gw/1', ...given }, as('viewer'), done as never));
    const who = (n: number, subject = `CN=gw-${n},O=Acme`) => identity({ fingerprint: `${n}`.repeat(64), subject });
    for (const [at, n] of [
      [0, 1],
      [2, 3],
      [1, 2],
    ] as const) {
      refuse(fleet.at(at).rig, 'gw/1', who(n));
      const now = Date.now();
      while (Date.now() === now) await setImmediate();
    }
    expect(await explain({ last_refused: true })).to.deep.include({
      fingerprint: '2'.repeat(64),
      steps: ['rule one: fits'],
    });
    expect(await explain({ subject_part: 'GW-3' })).to.include({ fingerprint: '3'.repeat(64) });
    expect(await explain({ fingerprint: '3'.repeat(64) })).to.include({ certificate_subject: 'CN=gw-3,O=Acme' });
    const many = await failure(explain({ subject_part: 'o=acme' }));
    expect([many.code, errorInfo(many).metadata]).to.deep.equal([Code.INVALID_ARGUMENT, { field: 'subject_part' }]);
    for (const n of [1, 2, 3]) expect(many.details).to.contain(`CN=gw-${n},O=Acme (${`${n}`.repeat(64)})`);
    // One certificate that several remember is one.
    refuse(fleet.at(0).rig, 'gw/2', who(3));
    expect(await explain({ subject_part: 'gw-3' })).to.include({ fingerprint: '3'.repeat(64) });
    for (const given of [{ subject_part: 'nobody' }, { meetup_id: 'gw/9', last_refused: true }]) {
      expect((await failure(explain(given))).code).to.equal(Code.NOT_FOUND);
    }
    expect((await failure(explain({ meetup_id: '/', last_refused: true }))).code).to.equal(Code.INVALID_ARGUMENT);

    fleet.at(1).line.become('cut');
    const { fingerprint, steps } = await explain({ last_refused: true });
    const untold = 'replica r2 did not tell what it remembers: that may be another certificate';
    expect([fingerprint, steps.at(-1)]).to.deep.equal(['3'.repeat(64), untold]);
    expect((await explain({ subject_part: 'gw-3' })).steps.at(-1)).to.equal(untold);
    for (const given of [{ subject_part: 'gw-2' }, { meetup_id: 'gw/9', last_refused: true }]) {
      expect(errorInfo(await failure(explain(given))).reason).to.equal('REPLICA_UNREACHABLE');
    }
  });

  it('is one stream; a replica that goes is told once, and one that comes is followed', async () => {
    const seen = new StreamLog<Happening>(fleet.client(0).watchHistory({ refusals: true }, as('viewer')));
    await seen.until(({ isSetUp }) => isSetUp);
    const come = async (at: number): Promise<void> => {
      const before = seen.messages.length;
      // The streams to the others are opened after the client's own is there.
      const again = setInterval(() => refuse(fleet.at(at).rig, 'sub/1', identity()), 50);
      await seen.until(({ messages }) =>
        messages.slice(before).some(({ refusal: one }) => one?.replica === fleet.at(at).name),
      );
      clearInterval(again);
    };
    for (const at of [0, 1, 2]) await come(at);
    fleet.at(2).line.become('cut');
    await seen.until(({ messages }) => messages.some(({ lost_replica: lost }) => lost === 'r3'));
    await fleet.begin('r4');
    await come(3);
    expect(seen.messages.filter(({ lost_replica: lost }) => lost !== '')).to.have.length(1);
  });
});
