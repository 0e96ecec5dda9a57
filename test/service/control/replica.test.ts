import { stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type ClientReadableStream, status as Code, credentials, Metadata, makeClientConstructor } from '@grpc/grpc-js';
import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';
import { expect } from 'chai';
import { service as healthService } from 'grpc-health-check';
import type { ControlServiceClient } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/ControlService.js';
import type { GetServerInfoResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/GetServerInfoResponse.js';
import type { SetMeetupLogLevelResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/SetMeetupLogLevelResponse.js';
import type { WatchDrainResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/WatchDrainResponse.js';
import { CONTROL_SERVICE } from '../../../proxy/control/rpc/contract.js';
import { NO_INVOCATIONS } from '../../../proxy/session/views/statistics.js';
import { MAX_MEETUP_LEVELS } from '../../../proxy/telemetry/logs/meetup-levels.js';
import { as, ControlRig, type Operator } from '../../support/control.js';
import { ask, errorInfo, failure, StreamLog } from '../../support/grpc-calls.js';
import { RawAuthority } from '../../support/raw-authority.js';

describe('control of the replica', () => {
  let rig: ControlRig;
  let client: ControlServiceClient;
  beforeEach(async () => {
    rig = await ControlRig.start();
    client = rig.client();
  });
  afterEach(() => rig.stop());

  /** Calls a method of another service than ours. */
  const call = (service: ServiceDefinition, method: string, request: object, metadata: Metadata): Promise<object> =>
    ask((done) => {
      const Client = makeClientConstructor(service, 'x');
      const other = new Client(`unix:${rig.socketPath}`, credentials.createInsecure());
      const settle: typeof done = (error, answer) => {
        other.close();
        done(error, answer);
      };
      return Reflect.apply(Reflect.get(other, method), other, [request, metadata, settle]);
    });
  const health = (metadata: Metadata, service = ''): Promise<object> =>
    call(healthService as ServiceDefinition, 'check', { service }, metadata);

  it('says what answers, and which rights the caller has', async () => {
    rig.pair('sub/1');
    rig.join('sub/2');
    const { server, caller_rights } = await ask<{ server: object; caller_rights: string[] }>((done) =>
      client.getServerInfo({}, as('tapper'), done as never),
    );
    expect(caller_rights).to.deep.equal(['viewer', 'operator', 'tap-bodies']);
    expect(server).to.include({
      replica: 'replica-1',
      version: '0.0.0',
      node_version: process.versions.node,
      drain_state: 'DRAIN_STATE_SERVING',
      connections: 3,
      waiting_sessions: 1,
      paired_sessions: 1,
      log_level: 'info',
    });
  });

  it('drains by request, shows the progress and ends it with drained', async () => {
    const [one] = rig.pair('sub/1');
    const session = one.peer.session;
    if (session === undefined) throw new Error('no session');
    const busy = { ...NO_INVOCATIONS, inFlight: 1 };
    rig.statistics.set(session, busy);
    const progress = new StreamLog<WatchDrainResponse__Output>(client.watchDrain({}, as('viewer')));
    await progress.until(({ messages }) => messages.length === 1);
    expect(progress.messages[0]?.drain).to.include({ state: 'DRAIN_STATE_SERVING' });

    const request = { deadline: { seconds: 3600 }, batch_size: 10, batch_interval: { nanos: 10_000_000 } };
    const answer = await ask<{ started: boolean }>((done) => client.drainReplica(request, as('admin'), done as never));
    expect(answer.started).to.equal(true);
    const again = await ask<{ started: boolean }>((done) => client.drainReplica({}, as('admin'), done as never));
    expect(again.started).to.equal(false);
    expect(await health(as('viewer'), CONTROL_SERVICE)).to.deep.equal({ status: 'NOT_SERVING' });
    expect(one.peer.state.t).to.equal('seated');

    rig.statistics.delete(session);
    await progress.until(({ isOver }) => isOver);
    expect(progress.messages.at(-1)?.drain).to.include({
      state: 'DRAIN_STATE_DRAINED',
      sessions_at_start: 1,
      sessions_left: 0,
    });
    expect(one.socket.closedWith?.code).to.equal(1012);
    const { drain } = await ask<{ drain: object }>((done) => client.getDrain({}, as('viewer'), done as never));
    expect(drain).to.include({ state: 'DRAIN_STATE_DRAINED', replica: 'replica-1' });
  });

  it('does not take a drain that is meant for another replica', async () => {
    const error = await failure(ask((done) => client.drainReplica({ replica: 'replica-2' }, as('admin'), done)));
    expect([error.code, errorInfo(error).reason]).to.deep.equal([Code.NOT_FOUND, 'REPLICA_NOT_FOUND']);
    expect(rig.drain.state.t).to.equal('serving');
  });

  it('explains access for a certificate and for a connected peer', async () => {
    const explain = (request: object): Promise<{ allowed: boolean; certificate_subject: string }> =>
      ask((done) => client.explainAccess(request, as('viewer'), done as never));
    const { certificate } = new RawAuthority().issue({ subject: [['2.5.4.3', 'asked']] });
    expect(await explain({ certificate_pem: certificate, meetup_id: 'sub/1' })).to.deep.include({
      allowed: true,
      certificate_subject: 'CN=asked',
      rule: 'one',
      steps: ['rule one: fits'],
    });
    const { peer } = rig.join('sub/1');
    expect(await explain({ peer_uid: peer.uid, meetup_id: 'gw/1' })).to.include({
      allowed: false,
      refusal: 'policy_denied',
      fingerprint: peer.admission.identity.fingerprint,
    });
    expect((await failure(explain({ certificate_pem: 'bad', meetup_id: 'a' }))).details).to.contain(
      'holds no whole PEM block',
    );
    expect((await failure(explain({ peer_uid: 'x', meetup_id: 'a' }))).code).to.equal(Code.NOT_FOUND);
    expect((await failure(explain({ meetup_id: 'a' }))).details).to.contain('certificate_pem: is needed, or peer_uid');
    expect((await failure(explain({ peer_uid: 'x', meetup_id: '/' }))).details).to.contain('meetup_id: ');
  });

  it('reloads the policy, and says where a file is wrong', async () => {
    const reload = (): Promise<{ changed: boolean; policy: object }> =>
      ask((done) => client.reloadPolicy({}, as('admin'), done as never));
    expect(await reload()).to.include({ changed: true });
    rig.reload = { refused: 'policy.yaml:3: unknown key "role"' };
    const error = await failure(reload());
    expect(error.code).to.equal(Code.FAILED_PRECONDITION);
    expect(error.details).to.contain('policy.yaml:3: unknown key "role"');
  });

  it('sets the level of the log', async () => {
    const answer = await ask((done) => client.setLogLevel({ level: 'debug' }, as('admin'), done));
    expect(answer).to.deep.equal({ previous_level: 'info', level: 'debug', unreachable_replicas: [] });
    expect(rig.level).to.equal('debug');
  });

  it('sets the level of the log for one meetup, for a time, and says which are in force', async () => {
    const set = (request: object, who: Operator = 'operator'): Promise<SetMeetupLogLevelResponse__Output> =>
      ask((done) => client.setMeetupLogLevel({ meetup_id: 'sub/1', level: 'debug', ...request }, as(who), done));
    const before = Date.now();
    const { meetup_log_level: made } = await set({ duration: { seconds: 60 } });
    expect(made).to.include({ meetup_id: 'sub/1', level: 'debug' });
    expect(made?.creator).to.contain('operator');
    expect(Number(made?.expire_time?.seconds) * 1000).to.be.within(before + 59_000, Date.now() + 60_000);
    const { server } = await ask<GetServerInfoResponse__Output>((done) => client.getServerInfo({}, as('viewer'), done));
    expect(server?.meetup_log_levels).to.deep.equal([made]);
    expect(rig.audit.at(0)).to.deep.include({ request: { meetup_id: 'sub/1', level: 'debug', duration: '60s' } });
    expect((await set({ level: '' })).meetup_log_level).to.equal(null);
    expect(rig.meetupLevels.list()).to.deep.equal([]);
    expect((await failure(set({}, 'viewer'))).code).to.equal(Code.PERMISSION_DENIED);
    const wrong = [{ meetup_id: '' }, { meetup_id: '../x' }, { level: 'loud' }, { duration: { seconds: 90_000 } }];
    for (const request of wrong) {
      const error = await failure(set(request));
      expect(errorInfo(error).metadata, JSON.stringify(request)).to.include({ field: Object.keys(request)[0] });
    }
    for (let n = 0; n < MAX_MEETUP_LEVELS; n += 1) rig.meetupLevels.set(`gw/${n}`, 'debug', 1_000, '');
    expect(errorInfo(await failure(set({}))).reason).to.equal('LOG_LEVELS_FULL');
  });

  it('answers health to viewers and to the edge itself, not to peers', async () => {
    expect(await health(as('viewer'))).to.deep.equal({ status: 'SERVING' });
    expect(await health(new Metadata())).to.deep.equal({ status: 'SERVING' });
    expect((await failure(health(as('peer')))).code).to.equal(Code.PERMISSION_DENIED);
    expect(rig.audit).to.have.length(2);
    // The drain could come from a signal.
    void rig.drain.start({ deadline: 0, batch: 1, interval: 10, spread: 0 });
    expect(await health(as('viewer'))).to.deep.equal({ status: 'NOT_SERVING' });
  });

  it('describes itself by reflection, with the well-known types and the details of errors', async () => {
    const require = createRequire(import.meta.url);
    const proto = join(dirname(require.resolve('@grpc/reflection')), '../proto');
    const loaded = loadSync('grpc/reflection/v1/reflection.proto', { includeDirs: [proto], keepCase: true });
    const service = loaded['grpc.reflection.v1.ServerReflection'] as ServiceDefinition;
    const Client = makeClientConstructor(service, 'x');
    const other = new Client(`unix:${rig.socketPath}`, credentials.createInsecure());
    const reflect = async (request: object): Promise<object> => {
      const stream = Reflect.apply(Reflect.get(other, 'ServerReflectionInfo'), other, [as('viewer')]);
      const received = new StreamLog<object>(stream as ClientReadableStream<object>);
      stream.write(request);
      await received.until(({ messages, isOver }) => isOver || messages.length > 0);
      stream.end();
      return received.messages[0] ?? {};
    };
    const listed = JSON.stringify(await reflect({ list_services: '' }));
    expect(listed).to.contain(CONTROL_SERVICE).and.to.contain('grpc.health.v1.Health');
    for (const symbol of [CONTROL_SERVICE, 'google.protobuf.Timestamp', 'google.rpc.ErrorInfo', 'google.rpc.Status']) {
      const answer = await reflect({ file_containing_symbol: symbol });
      expect(answer, symbol).to.have.property('file_descriptor_response');
    }
    other.close();
  });

  it('listens on a socket that only its own user may use, and replaces a dead one', async () => {
    expect((await stat(rig.socketPath)).mode & 0o777).to.equal(0o600);
    const other = await ControlRig.start();
    const taken = await failure(other.server.listen(`unix:${rig.socketPath}`));
    expect(taken.message).to.contain('another process listens there');
    const file = `${rig.socketPath}.txt`;
    await writeFile(file, 'x');
    expect((await failure(other.server.listen(`unix:${file}`))).message).to.contain('is no socket');
    await other.stop();
  });
});
