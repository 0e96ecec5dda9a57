import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import { FAILING_AFTER } from '../../proxy/telemetry/calls/failing-sessions.js';
import { AdminRig } from '../support/admin.js';
import { documentedPolicy } from '../support/documented-policy.js';
import { listText } from '../support/envoy.js';
import { PeerPrograms } from '../support/peer-programs.js';
import { ask, type HttpAnswer } from '../support/peers.js';
import type { IssuedCertificate } from '../support/raw-authority.js';
import { readScrape, sumOf } from '../support/scrape.js';
import { PREFIX, useStack } from '../support/stack.js';

/** Columns of the operator's terminal. */
const WIDTH = 100;
/** Longest time until something is told that has happened, milliseconds. */
const WAIT_MS = 15_000;
/** An upstream answers after this time, milliseconds; shown as more than a second. */
const SLOW_MS = 1_200;
const MISSING = '00000000-0000-4000-8000-000000000000';

describe('an operator’s question, answered by at most two commands and no collector', function () {
  // Processes start.
  this.timeout(60_000);
  let admin: AdminRig;
  const stack = useStack((scratch) => ({
    control: true,
    flags: {
      'trace-link': 'https://jaeger.example/trace/{trace_id}',
      policy: scratch.write('policy.yaml', documentedPolicy({ admin: 'admin' })),
    },
  }));
  const programs = new PeerPrograms(stack);

  before(async () => {
    admin = await AdminRig.make(stack().edge);
    await programs.start();
  });
  beforeEach(function () {
    this.currentTest?.timeout(60_000);
  });
  afterEach(async () => {
    await programs.end();
    process.exitCode = 0;
  });
  after(async () => {
    programs.close();
    await admin.remove();
  });

  const manager = (): IssuedCertificate => stack().issue('manager');

  /** Runs a command until its output has the words; they may be broken over lines. No line is wider than the terminal. */
  const tells = (words: RegExp, ...line: readonly string[]): Promise<string> => {
    let last = '';
    const look = async (): Promise<string | undefined> => {
      const { out, failure } = await admin.run(line, WIDTH);
      last = failure?.message ?? out;
      const text = out.replaceAll(/\s+/g, ' ');
      return words.test(text) ? out : undefined;
    };
    return waitFor(`${line.join(' ')} did not tell ${words}`, WAIT_MS, new AbortController().signal, look).then(
      (out) => {
        for (const row of out.split('\n')) expect(row.length, row).to.be.at.most(WIDTH);
        return out;
      },
      (error: unknown) => {
        throw new Error(`${error instanceof Error ? error.message : error}\n${last}`);
      },
    );
  };

  it('the upstream is slow: the time is the gateway’s, not the proxy’s', async () => {
    programs.slowDown(SLOW_MS);
    const { http } = await programs.meet('sub/1/slow');
    expect((await ask(`${http}/orders`)).status).to.equal(200);
    const out = await tells(
      /1 of the last 1 answered calls were slow, 1\.\d s, 1\.\d s of it at the gateway, \d+(\.\d)? ms in the proxy: the gateway, or the HTTP API behind it \(its upstream\), is slow/,
      'history',
      'sub/1/slow',
    );
    expect(out).to.match(/CALLS 1: 0 not answered/);
    const trace = /[0-9a-f]{32}/.exec(out)?.[0] ?? '';
    await tells(/call GET \/orders .*at the peer 1\.\d\ds, the gateway that was asked/, 'trace', trace);
    await tells(/200 .*GET \/orders/, 'calls', '--slower', '1s', '--meetup', 'sub/1/slow');
    await tells(
      /sub\/1\/slow PAIRED .* 1\.\d\ds 0B 0 manager manager, gateway slow/,
      'sessions',
      'list',
      '--filter',
      'latency >= 1s',
    );
    await tells(
      /1\.\d\ds p99 of late, .* at the peer 1\.\d\ds mean, 1\.\d\ds most in the proxy \d+(\.\d\d)?ms mean/,
      'sessions',
      'get',
      'sub/1/slow',
    );
  });

  it('the upstream is down: the gateway answers for it', async () => {
    const { http } = await programs.meet('sub/1/down', 'http://127.0.0.1:1');
    expect((await ask(`${http}/orders`)).status).to.equal(502);
    await tells(
      /1 of the last 1 calls failed \(answered_5xx, .*the gateway answered 502: the HTTP API behind it \(its upstream\) is down/,
      'history',
      'sub/1/down',
    );
    await tells(/502 answered_5xx .*GET \/orders/, 'calls', '--failed', '--meetup', 'sub/1/down');
    const operator = stack().authority.issue({ subject: [['2.5.4.10', 'admin']] });
    for (const [path, member] of [
      ['/v1/calls?failed=true&since=3600s&meetupId=sub/1/down', 'calls'],
      ['/v1/history?meetupId=sub/1/down', 'findings'],
      ['/v1/refusals?since=3600s', 'kept'],
    ] as const) {
      const { status, body } = await stack().control(operator, 'GET', path);
      expect(status, path).to.equal(200);
      expect(JSON.parse(body), path).to.have.property(member);
    }
  });

  it('a caller hands over the ids of its answer: they find the call, its session and its line of the log', async () => {
    const { http } = await programs.meet('sub/1/ids', 'http://127.0.0.1:1');
    const answers: HttpAnswer[] = [];
    for (let n = 0; n < FAILING_AFTER; n += 1) answers.push(await ask(`${http}/orders?token=hunter2`));
    const { 'ws-proxy-trace-id': trace, 'ws-proxy-session': connection } = answers[0]?.headers ?? {};
    await tells(
      /result answered_5xx, 502 .*meetup sub\/1\/ids .*link https:\/\/jaeger\.example\/trace\/[0-9a-f]{32}/,
      ...['trace', String(trace)],
    );
    const { out } = await admin.run(['sessions', 'list', '--filter', `request_id = "${connection}"`, '-o', 'json']);
    expect(JSON.parse(out).sessions.map(({ meetupId }: { meetupId: string }) => meetupId)).to.deep.equal(['sub/1/ids']);
    expect((await admin.run(['calls', '--meetup', 'sub/1/ids'])).out).to.contain(
      `https://jaeger.example/trace/${trace}\n`,
    );
    const line = await waitFor('no line of the call', WAIT_MS, new AbortController().signal, async () =>
      stack().log.find((one) => one.includes(String(trace))),
    );
    const { uid } = JSON.parse(out).sessions[0];
    expect(JSON.parse(line)).to.include({ level: 'info', message: 'invocation', meetup: 'sub/1/ids', session: uid });
    expect(JSON.parse(line)).to.include({
      outcome: 'http_error',
      failure: 'answered_5xx',
      status: 502,
      path: '/orders',
    });
    expect(stack().log.join('')).not.to.contain('hunter2');
    const metrics = await readScrape(`http://127.0.0.1:${stack().metricsPort}/metrics`);
    expect(sumOf(metrics, 'ws_proxy_sessions_failing', { failure: 'answered_5xx' })).to.equal(1);
  });

  it('the gateway is down: the manager waits alone, since when and why', async () => {
    const { gateway } = await programs.meet('sub/1/gone');
    await gateway.stop('SIGKILL');
    await tells(
      /The manager waits alone since [\d:]+ \([^)]*\): no gateway is here\. The last gateway went at [\d:]+, connection_lost: /,
      'history',
      'sub/1/gone',
    );
  });

  it('the policy denies: who was refused, how often, and by which rule not', async () => {
    const meetup = 'sub/1/mine';
    const stranger = stack().gateway('not-mine');
    for (let n = 0; n < 2; n += 1) await stack().refused(stranger, `${PREFIX}${meetup}`);
    await tells(
      /CN=not-mine,OU=gateway,O=Acme was refused 2 times since [\d:]+, last at [\d:]+: policy_denied: .*No rule of the policy/,
      'history',
      meetup,
    );
    await tells(/^DENY policy_denied because .*CN=not-mine/, 'explain', '--last', meetup);
    await tells(/ 2 +policy_denied +CN=not-mine/, 'refusals', '--since', '1h', '--subject', 'not-mine');
  });

  it('the certificate is revoked: Envoy ends the handshake, and the meetup’s history has it', async () => {
    const meetup = 'sub/1/revoked';
    const gateway = stack().gateway('revoked');
    await stack().pair(meetup, manager(), gateway);
    await stack().edge.replace({
      'root.crl.pem': listText(stack().authority, [
        new X509Certificate(gateway.certificate).serialNumber.toLowerCase(),
      ]),
    });
    const knock = (): Promise<true | undefined> =>
      stack()
        .refused(gateway, `${PREFIX}${meetup}`)
        .then(
          () => undefined,
          () => true,
        );
    await waitFor('Envoy still took it', WAIT_MS, new AbortController().signal, knock);
    await tells(
      /CN=revoked,OU=gateway,O=Acme, which nobody verified, was refused .*at [\d:]+: tls_handshake: the certificate is revoked/,
      'history',
      meetup,
    );
    const { fingerprint256 } = new X509Certificate(gateway.certificate);
    await tells(/tls_handshake +CN=revoked/, 'refusals', '--fingerprint', fingerprint256);
    await tells(/tls_handshake +CN=revoked/, 'refusals', '--since', '1h', '--subject', 'CN=revoked');
  });

  it('a peer flaps: how often it came, how long it stayed, and how it went', async () => {
    const meetup = 'sub/1/flaps';
    const [own, other] = [manager(), stack().gateway('flaps')];
    for (let n = 0; n < 4; n += 1) {
      const [first, gateway] = await stack().pair(meetup, own, other);
      await gateway.terminate();
      await first.closed;
    }
    await tells(
      /Flapping: the gateway CN=flaps,OU=gateway,O=Acme came 4 times within the hour and stayed [\d.]+ m?s, 4 times connection_lost: /,
      'history',
      meetup,
    );
    await stack().pair(meetup, own, other);
    await tells(/sub\/1\/flaps PAIRED \S+ 0 0 - 0B 4 /, 'sessions', 'list', '--meetup', meetup);
  });

  it('a trace that is not kept, and a meetup of which nothing is known, are told as such', async () => {
    const trace = await admin.run(['trace', MISSING.replaceAll('-', '').replace(/0$/, '1')], WIDTH);
    expect(trace.failure?.exitCode).to.equal(4);
    expect(trace.failure?.message).to.match(/^no call of trace 0\S+1 is kept: of \d+ calls since .* \d+ are kept/);
    await tells(/Nothing is remembered of this meetup/, 'history', 'sub/none/none');
    expect(process.exitCode).to.equal(4);
  });
});
