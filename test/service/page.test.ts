import { expect } from 'chai';
import type { Answer } from '../../page/answer.js';
import type { CallDetail, CallList } from '../../page/answer-past.js';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { PagePeers } from '../support/page-peers.js';
import { ask } from '../support/peers.js';
import { identityHeaders, refusedUpgrade, type Service, startService } from '../support/service.js';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('the read-only page', () => {
  let service: Service;
  let origin: string;
  before(async () => {
    service = await startService({ page: 'true' });
    origin = `http://127.0.0.1:${service.proxy.parts.metricsPort}`;
  });
  after(() => service.stop());

  async function answered(query = ''): Promise<Answer> {
    const { status, body } = await ask(`${origin}/page/state${query}`);
    expect(status).to.equal(200);
    return JSON.parse(body.toString()) as Answer;
  }

  /** An answer to who has no calls yet. */
  async function state(query = ''): Promise<Answer & { readonly calls: CallList }> {
    const answer = await answered(query);
    const { calls } = answer;
    if (calls === null) throw new Error('the calls are left out');
    return { ...answer, calls };
  }

  /** An invocation is finished once its response has left, which its peer may see before the service does. */
  async function stateWith(calls: number): ReturnType<typeof state> {
    for (;;) {
      const answer = await state();
      if (answer.calls.kept >= calls) return answer;
    }
  }

  it('is a document that loads nothing from elsewhere and lets nobody frame it', async () => {
    const { status, headers, body } = await ask(`${origin}/`);
    expect([status, headers['content-type']]).to.deep.equal([200, 'text/html; charset=utf-8']);
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).to.include.members(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]);
    expect(String(policy)).not.to.match(/unsafe|https?:|\*/);
    expect(headers['x-frame-options']).to.equal('DENY');
    const used = [...body.toString().matchAll(/(?:src|href)="([^"#]*)"/g)].map((match) => match[1] ?? '');
    expect(used).to.include('/page/main.js');
    for (const path of used) expect((await ask(`${origin}${path}`)).status, path).to.equal(200);
    expect(body.toString()).not.to.match(/<script>|<style|style="|\son\w+=/);
  });

  it('its scripts import only what is served', async () => {
    const seen = new Set(['/page/main.js']);
    for (const path of seen) {
      const { status, body, headers } = await ask(`${origin}${path}`);
      expect([status, headers['content-type']], path).to.deep.equal([200, 'text/javascript; charset=utf-8']);
      for (const [, name] of body.toString().matchAll(/from '\.\/([\w-]+\.js)'/g)) seen.add(`/page/${name}`);
    }
    expect(seen.size).to.be.greaterThan(10);
  });

  for (const [what, headers, path] of [
    ['another host name (DNS rebinding)', ['Host', 'evil.example'], '/page/state'],
    ['another host name with our port', ['Host', 'evil.example:9464'], '/'],
    ['a name that only begins like ours', ['Host', 'localhost.evil.example'], '/'],
    ['another origin', ['Origin', 'https://evil.example'], '/page/state'],
    ['an opaque origin', ['Origin', 'null'], '/page/state'],
    ['a read from another site', ['Sec-Fetch-Site', 'cross-site', 'Sec-Fetch-Mode', 'no-cors'], '/page/state'],
    ['a script of another port', ['Sec-Fetch-Site', 'same-site', 'Sec-Fetch-Dest', 'script'], '/page/main.js'],
    [
      'a frame of another site',
      ['Sec-Fetch-Site', 'cross-site', 'Sec-Fetch-Mode', 'navigate', 'Sec-Fetch-Dest', 'iframe'],
      '/',
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { status, body } = await ask(`${origin}${path}`, { headers });
      expect(status).to.equal(403);
      expect(body.toString()).to.match(/^[a-z][^\n]+\n$/);
    });
  }

  for (const [what, headers] of [
    ['localhost', ['Host', 'localhost:9464']],
    ['the IPv6 loopback', ['Host', '[::1]:9464']],
    ['its own origin', ['Host', 'localhost:9464', 'Origin', 'http://localhost:9464']],
    [
      'a link from elsewhere',
      ['Sec-Fetch-Site', 'cross-site', 'Sec-Fetch-Mode', 'navigate', 'Sec-Fetch-Dest', 'document'],
    ],
  ] as const) {
    it(`answers ${what}`, async () => {
      expect((await ask(`${origin}/`, { headers })).status).to.equal(200);
    });
  }

  it('refuses a question that it does not know, and anything but reading', async () => {
    expect((await ask(`${origin}/page/state?offset=x`)).status).to.equal(400);
    expect((await ask(`${origin}/page/state`, { method: 'POST' })).status).to.equal(405);
    expect((await ask(`${origin}/page/call?trace=${'0'.repeat(32)}`)).status).to.equal(404);
    expect((await ask(`${origin}/page/call?trace=12`)).status).to.equal(400);
    expect((await ask(`${origin}/page/../package.json`)).status).to.equal(404);
  });

  it('shows a session, its calls, and who was refused', async () => {
    const peers = await PagePeers.meet(service, 'sub/1');
    await peers.call('/v1/x?token=secret', 200, [{ name: 'traceparent', value: TRACEPARENT }]);
    await peers.call('/v1/missing', 404);
    await refusedUpgrade(service.socketPath, `${MEETUP_PREFIX}sub/1`, identityHeaders());
    const first = await stateWith(2);

    expect(first.service).to.include({ paired: 1, waiting: 0, peers: 2, open: 0, notReady: null });
    expect(first.service.replica).to.match(new RegExp(`-${process.pid}$`));
    expect(first.service.files).to.deep.equal([{ name: 'policy', text: 'any verified certificate', fault: null }]);
    expect(first.sessions.items[0]?.peers.map(({ subject }) => subject)).to.deep.equal([
      'CN=gateway,O=Micronets',
      'CN=manager,O=Micronets',
    ]);
    const shown = first.calls.items.map(({ path, status, outcome, failure }) => [path, status, outcome, failure]);
    expect(shown).to.deep.equal([
      ['/v1/x', 200, 'ok', null],
      ['/v1/missing', 404, 'http_error', 'answered_4xx'],
    ]);
    expect(first.calls.items[0]?.traceId).to.equal('0af7651916cd43dd8448eb211c80319c');
    expect(first.troubles.items.map(({ label, code }) => [label, code])).to.deep.equal([['meetup_full', 409]]);
    expect(first.troubles.items[0]?.advice).to.match(/no seat/);

    const { body } = await ask(`${origin}/page/call?trace=${first.calls.items[0]?.traceId}`);
    const detail = JSON.parse(body.toString()) as CallDetail;
    expect(detail).to.include({ parentSpanId: 'b7ad6b7169203331', query: 'token=REDACTED' });
    expect(detail.invocation.meetupId).to.equal('sub/1');
    expect(detail.requester.subject).to.equal('CN=manager,O=Micronets');
    expect(body.toString()).not.to.contain('secret');

    const found = await state('?calls=missing&troubles=nobody&meetup=sub/1');
    expect(found.calls.items.map(({ path }) => path)).to.deep.equal(['/v1/missing']);
    expect(found.troubles.items).to.deep.equal([]);
    expect(found.meetup?.totals).to.include({ calls: 2, answered4xx: 1 });
    expect(found.meetup?.findings.join(' ')).to.contain('meetup_full');
    const had = `?service=${first.service.id}&have=${first.callsMark}`;
    expect((await answered(had)).calls).to.equal(null);
    // The mark is of one process, and of the calls that there were.
    expect((await state(`?service=other&have=${first.callsMark}`)).calls.items).to.have.length(2);
    await peers.call('/v1/third', 200);
    await stateWith(3);
    expect((await state(had)).calls.items.map(({ path }) => path)).to.include('/v1/third');
    await peers.leave();
    const third = await state('?filter=sub/1');
    expect([third.calls.items.length, third.troubles.items.length, third.sessions.matching]).to.deep.equal([3, 1, 0]);
    expect(third.gone).to.deep.equal(['sub/1']);
  });

  it('shows the present where nothing is remembered, and says so', async () => {
    const forgetful = await startService({ page: 'true', historyMemory: '0' });
    const peers = await PagePeers.meet(forgetful, 'sub/1');
    const { body } = await ask(`http://127.0.0.1:${forgetful.proxy.parts.metricsPort}/page/state?meetup=sub/1`);
    const { service: shown, calls, sessions, meetup } = JSON.parse(body.toString()) as Answer;
    expect([shown.remembers, calls?.since, sessions.matching, meetup]).to.deep.equal([false, null, 1, null]);
    await peers.leave();
    await forgetful.stop();
  });

  it('shows that the replica drains', async () => {
    const draining = await startService({ page: 'true' });
    await draining.proxy.parts.drain.start({ deadline: 0, batch: 1, interval: 10, spread: 0 });
    const { body } = await ask(`http://127.0.0.1:${draining.proxy.parts.metricsPort}/page/state`);
    const { service: shown } = JSON.parse(body.toString()) as Answer;
    expect([shown.drain.state, shown.notReady]).to.deep.equal(['drained', 'this replica is drained']);
    await draining.stop();
  });

  it('is not there unless it is asked for', async () => {
    const plain = await startService();
    for (const path of ['/', '/page/state', '/page/main.js']) {
      expect((await ask(`http://127.0.0.1:${plain.proxy.parts.metricsPort}${path}`)).status).to.equal(404);
    }
    await plain.stop();
  });
});
