import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { expect } from 'chai';
import { documentedPolicy } from '../support/documented-policy.js';
import { OpenApiJudge } from '../support/openapi.js';
import type { IssuedCertificate } from '../support/raw-authority.js';
import { useStack } from '../support/stack.js';

const MEETUP = 'sub/7/gateway';

interface Line {
  readonly [field: string]: unknown;
}

describe('proto/openapi.yaml is true of the running service', () => {
  const judge = new OpenApiJudge();
  let admin: IssuedCertificate;
  const stack = useStack((own) => ({ control: true, flags: { policy: own.write('policy.yaml', documentedPolicy()) } }));
  before(() => {
    admin = stack().issue('admin');
  });

  /** Asks, and judges what is sent and what comes. */
  const ask = async (operation: string, verb: string, path: string, body?: object): Promise<Line> => {
    if (body !== undefined) judge.request(operation, body);
    const answer = await stack().control(admin, verb, path, body);
    expect(answer.status, answer.body).to.equal(200);
    const told = JSON.parse(answer.body) as Line;
    judge.answer(operation, told);
    return told;
  };

  const refused = async (credential: IssuedCertificate, verb: string, path: string, body?: object): Promise<Line> => {
    const { status, body: text } = await stack().control(credential, verb, path, body);
    const failure = JSON.parse(text) as Line;
    judge.failure(failure);
    return { status, reason: (failure['details'] as readonly Line[])[0]?.['reason'] };
  };

  /** The stream's lines, each judged, up to the first that is wanted. What starts the wanted event runs once the stream stands. */
  const watch = async (operation: string, path: string, begin: () => unknown, wanted: (line: Line) => boolean) => {
    const { port, ca } = { port: stack().edge.ports.control, ca: stack().ca };
    const { certificate: cert, key } = admin;
    const asked = request({ host: 'localhost', port, ca, cert, key, path, agent: false }).end();
    try {
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      expect(response.headers['content-type']).to.equal('application/x-ndjson');
      await begin();
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) {
        const lines = (text + chunk).split('\n');
        text = lines.pop() ?? '';
        for (const line of lines.map((one) => JSON.parse(one) as Line)) {
          judge.answer(operation, line);
          if (wanted(line)) return;
        }
      }
      throw new Error(`${operation}: the stream ended before what was wanted`);
    } finally {
      asked.destroy();
    }
  };

  const pair = () => stack().pair(MEETUP, stack().gateway('gateway'), stack().issue('manager'));

  it('sessions, what passes in them, and what is remembered of them', async () => {
    const [gateway, manager] = await pair();
    const call = async (messageId: number): Promise<void> => {
      const asking = { messageId, messageType: 'REST:REQUEST', method: 'GET', path: '/x', requiresResponse: true };
      manager.send(JSON.stringify({ message: asking }));
      await gateway.next();
      const answer = { messageId, messageType: 'REST:RESPONSE', inResponseTo: messageId, statusCode: 500 };
      gateway.send(JSON.stringify({ message: answer }));
      await manager.next();
    };
    const listed = await ask(
      'ListSessions',
      'GET',
      `/v1/sessions?${new URLSearchParams({ pageSize: '10', filter: 'state = PAIRED' })}`,
    );
    const [session] = listed['sessions'] as readonly { readonly name: string }[];
    const name = session?.name ?? '';
    await watch(
      'TapSession',
      `/v1/${name}:tap`,
      () => call(2),
      ({ message }) => message !== undefined,
    );
    await watch(
      'WatchHistory',
      '/v1/history:watch',
      () => call(3),
      (line) => line['call'] !== undefined,
    );
    await ask('GetSession', 'GET', `/v1/${name}`);
    await stack().refused(stack().gateway('stranger'), `${stack().prefix}${MEETUP}`);
    await ask('GetHistory', 'GET', `/v1/history?meetupId=${encodeURIComponent(MEETUP)}`);
    expect((await ask('ListRefusals', 'GET', '/v1/refusals'))['refusals']).to.have.length(1);
    expect((await ask('ListCalls', 'GET', '/v1/calls'))['calls']).to.have.length(2);
    const kick = { reason: 'wrong firmware', blockDuration: '60s' };
    const kicked = () => ask('KickSession', 'POST', `/v1/${name}:kick`, kick);
    await watch('WatchSessions', '/v1/sessions:watch', kicked, ({ type }) => type === 'SESSION_EVENT_TYPE_REMOVED');
    await ask('CountReconnects', 'GET', `/v1/reconnects?meetupIds=${encodeURIComponent(MEETUP)}`);
  });

  it('blocks', async () => {
    await ask('BlockPeer', 'POST', '/v1/blocks', { subject: 'CN=lost', duration: '600s', reason: 'lost' });
    const { blocks } = await ask('ListBlocks', 'GET', '/v1/blocks?pageSize=1');
    const [block] = blocks as readonly { readonly name: string }[];
    await ask('UnblockPeer', 'DELETE', `/v1/${block?.name}`);
  });

  it('the server, its policy and its log', async () => {
    await ask('SetMeetupLogLevel', 'POST', '/v1/log:setMeetupLevel', {
      meetupId: MEETUP,
      level: 'debug',
      duration: '60s',
    });
    await ask('GetServerInfo', 'GET', '/v1/info');
    await ask('ReloadPolicy', 'POST', '/v1/policy:reload', {});
    await ask('SetLogLevel', 'POST', '/v1/log:setLevel', { level: 'info' });
    await ask('ExplainAccess', 'POST', '/v1/access:explain', { meetupId: MEETUP, certificatePem: admin.certificate });
  });

  it("failures, the edge's own too", async () => {
    const stranger = stack().gateway('gateway');
    expect(await refused(stranger, 'GET', '/v1/sessions')).to.deep.equal({ status: 403, reason: 'RIGHT_MISSING' });
    expect(await refused(admin, 'GET', '/v1/sessions/none')).to.deep.equal({
      status: 404,
      reason: 'SESSION_NOT_FOUND',
    });
    expect(await refused(admin, 'GET', '/v1/sessions?pageSize=x')).to.deep.equal({
      status: 400,
      reason: 'FIELD_INVALID',
    });
    expect(await refused(admin, 'GET', '/v1/nothing')).to.deep.equal({ status: 404, reason: 'PATH_UNKNOWN' });
    expect(await refused(admin, 'PUT', '/v1/info')).to.deep.equal({ status: 405, reason: 'VERB_UNKNOWN' });
    expect(await refused(admin, 'GET', '/elsewhere')).to.deep.equal({ status: 404, reason: 'PATH_UNKNOWN' });
    const retried = await refused(admin, 'GET', '/v1/sessions:watch?resumeToken=old');
    expect(retried['status']).to.equal(400);
  });

  // The last: it cannot be undone.
  it('a drain', async () => {
    await ask('GetDrain', 'GET', '/v1/drain');
    const drain = () => ask('DrainReplica', 'POST', '/v1/drain', { deadline: '1s' });
    const state = ({ drain: told }: Line): unknown => (told as Line | undefined)?.['state'];
    await watch('WatchDrain', '/v1/drain:watch', drain, (line) => state(line) === 'DRAIN_STATE_DRAINED');
  });

  it('no operation was left out', () => expect([...judge.judged]).to.have.members(judge.operations));
});
