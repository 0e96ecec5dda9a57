import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.js';
import { ask } from '../support/peers.js';
import { type Program, runProgram } from '../support/program.js';
import { PREFIX, useStack } from '../support/stack.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
/** Kinds of spans in OTLP. */
const [SERVER, CLIENT] = [2, 3];

describe('one trace through bridge, Envoy, service and gateway', () => {
  const receiver = new OtlpReceiver();
  const programs: Program[] = [];
  let api: Server;
  let received: IncomingHttpHeaders;

  const stack = useStack(async () => {
    const endpoint = await receiver.start();
    return {
      flags: { 'trace-inject': 'true', 'trace-client-spans': 'true' },
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_BSP_SCHEDULE_DELAY: '50' },
      settings: { tracesUrl: new URL(`${endpoint}/v1/traces`) },
    };
  });

  before(async () => {
    api = createServer((request, response) => {
      received = request.headers;
      response.end('{}');
    });
    await once(api.listen(0, '127.0.0.1'), 'listening');
  });

  after(async () => {
    await Promise.all(programs.map((program) => program.stop('SIGKILL')));
    api.closeAllConnections();
    api.close();
    await receiver.stop();
  });

  function peer(command: 'bridge' | 'gateway', ...args: readonly string[]): Program {
    const { scratch, ca, port } = stack();
    const { certificate, key } = stack().issue(command);
    const files = ['--cert', scratch.write(`${command}.pem`, key + certificate), '--ca', scratch.write('ca.pem', ca)];
    const url = `wss://localhost:${port}${PREFIX}sub/8675309/00224dd149bb`;
    const program = runProgram('peer', command, '--url', url, ...files, ...args);
    programs.push(program);
    return program;
  }

  /** The first span of a service that meets the condition, once it is there. */
  async function span(service: string, holds: (one: ReceivedSpan) => boolean): Promise<ReceivedSpan> {
    const find = () => receiver.spans.find((one) => one.resource['service.name'] === service && holds(one));
    await receiver.until(() => find() !== undefined);
    return find() as ReceivedSpan;
  }

  it('joins the caller’s span, the proxy’s two and the gateway’s, and links to the edge’s', async () => {
    peer('gateway', '--upstream', `http://127.0.0.1:${(api.address() as AddressInfo).port}`);
    const bridge = peer('bridge', '--listen', '0');
    const http = /http=(\S+)/.exec(await bridge.line('stdout', /^paired /))?.[1] ?? '';
    const sent = ['traceparent', `00-${TRACE}-${CALLER}-01`, 'tracestate', 'vendor=1'];
    expect((await ask(`${http}/micronets/v1/gateway/micronets?key=1`, { headers: sent })).status).to.equal(200);

    const server = await span('ws-proxy', ({ kind }) => kind === SERVER);
    expect(server).to.include({ name: 'GET', traceId: TRACE, parentSpanId: CALLER, traceState: 'vendor=1' });
    expect(server.attributes).to.include({
      'url.path': '/micronets/v1/gateway/micronets',
      'http.response.status_code': 200,
      'ws_proxy.requester.subject': 'CN=bridge,O=Acme',
      'ws_proxy.responder.subject': 'CN=gateway,O=Acme',
      'client.address': '127.0.0.1',
    });
    const client = await span('ws-proxy', ({ kind }) => kind === CLIENT);
    expect(client).to.include({ traceId: TRACE, parentSpanId: server.spanId });
    // The API behind the gateway gets the proxy's span as the parent of its own spans.
    expect(received).to.include({ traceparent: `00-${TRACE}-${client.spanId}-01`, tracestate: 'vendor=1' });

    // The edge exports an upgrade when its websocket closes.
    const [link] = server.links;
    await bridge.stop();
    const egress = await span('ws-proxy-edge', ({ spanId }) => spanId === link?.spanId);
    expect(egress).to.include({ traceId: link?.traceId, kind: CLIENT });
    const upgrade = await span('ws-proxy-edge', ({ spanId }) => spanId === egress.parentSpanId);
    expect(upgrade).to.include({ traceId: link?.traceId, kind: SERVER, name: 'meetup' });
    // The span is a root: the traceparent of a peer's upgrade decides nothing.
    expect(upgrade.parentSpanId ?? '').to.equal('');
    expect(upgrade.attributes['http.url']).to.match(/\/sub\/8675309\/00224dd149bb$/);
  });
});
