import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { Bridge } from '../../peer/bridge.js';
import { PeerConnection } from '../../peer/connection.js';
import { parseTraceparent } from '../../proxy/wire/trace-context.js';
import { bridgeOptions, type HttpWay, startHttpWay } from '../support/http-way.js';
import { ask, errorOf, type HttpAnswer } from '../support/peers.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

/** The ids in an answer: of the trace, and of the session. */
function idsOf({ headers }: HttpAnswer): { readonly traceId: unknown; readonly session: unknown } {
  return { traceId: headers['ws-proxy-trace-id'], session: headers['ws-proxy-session'] };
}

describe('the ids that a caller of a bridge can hand over', () => {
  let way: HttpWay;

  before(async () => {
    way = await startHttpWay();
    await way.pair();
  });

  after(() => way.stop());

  it('are in every response: of the trace that the API sees, and of the session as the proxy writes it down', async () => {
    let got: IncomingMessage | undefined;
    way.answer = (request, response) => {
      got = request;
      response.writeHead(404).end('no');
    };
    const seen = await ask(`${way.http}/x`);
    const { traceId, session } = idsOf(seen);
    const made = parseTraceparent(String(got?.headers['traceparent']));
    expect([seen.status, made?.traceId, made?.sampled]).to.deep.equal([404, traceId, true]);
    expect(session)
      .to.match(/^[0-9a-f-]{36}$/)
      .and.to.equal(way.manager.session);
    const again = idsOf(await ask(`${way.http}/x`));
    expect(again.session).to.equal(session);
    expect(again.traceId).not.to.equal(traceId);
  });

  it('are once in a response, whatever the API behind says under their names', async () => {
    way.answer = (_, response) => {
      response.writeHead(200, ['ws-proxy-trace-id', 'theirs', 'WS-PROXY-SESSION', 'theirs', 'X-Own', 'kept']).end();
    };
    const { headers, raw } = await ask(`${way.http}/x`);
    const named = raw.filter((name) => /^ws-proxy-/i.test(name));
    expect(named.sort()).to.deep.equal(['Ws-Proxy-Session', 'Ws-Proxy-Trace-Id']);
    expect([headers['ws-proxy-session'], headers['x-own']]).to.deep.equal([way.manager.session, 'kept']);
    expect(headers['ws-proxy-trace-id']).to.match(/^[0-9a-f]{32}$/);
  });

  it("are those of the caller's own trace where it has one", async () => {
    let got: IncomingMessage | undefined;
    way.answer = (request, response) => {
      got = request;
      response.end();
    };
    const traceparent = `00-${TRACE}-b7ad6b7169203331-00`;
    const seen = await ask(`${way.http}/x`, { headers: ['traceparent', traceparent, 'tracestate', 'a=1'] });
    expect(idsOf(seen).traceId).to.equal(TRACE);
    expect([got?.headers['traceparent'], got?.headers['tracestate']]).to.deep.equal([traceparent, 'a=1']);
  });

  it('are in errors of the bridge, in headers and JSON', async () => {
    const hasty = new Bridge(way.manager, { ...bridgeOptions, timeout: 50, traceRatio: 0 });
    let got: IncomingMessage | undefined;
    let release = (): void => {};
    way.answer = (request, response) => {
      got = request;
      release = () => response.end();
    };
    const late = await ask(await hasty.listen());
    expect(errorOf(late)).to.deep.include({ reason: 'timeout', ...idsOf(late), session: way.manager.session });
    expect(parseTraceparent(String(got?.headers['traceparent']))).to.include({
      traceId: errorOf(late)['traceId'],
      sampled: false,
    });
    release();
    await hasty.close();
  });

  it('are told without a session where nobody is there, and the refusal is news', async () => {
    const lines: string[] = [];
    const alone = new PeerConnection({ url: 'wss://proxy.example/', claims: { peerClass: 'manager', peerId: '1' } });
    const lonely = new Bridge(alone, { ...bridgeOptions, tell: (line) => lines.push(line) });
    const http = await lonely.listen();
    const seen = await ask(`${http}/secret?key=hunter2`, {
      headers: ['traceparent', `00-${TRACE}-b7ad6b7169203331-01`],
    });
    const error = errorOf(seen);
    expect(error).to.have.all.keys('reason', 'message', 'traceId');
    expect([error['reason'], error['traceId'], idsOf(seen)]).to.deep.equal([
      'not_paired',
      TRACE,
      { traceId: TRACE, session: undefined },
    ]);
    await Promise.all([ask(http), ask(http)]);
    await lonely.close();
    expect(lines).to.have.length(2);
    expect(lines[0]).to.contain(`(not_paired); trace ${TRACE}`);
    expect(lines[1]).to.contain('2 more calls were refused');
    expect(lines.join()).not.to.contain('hunter2');
  });
});
