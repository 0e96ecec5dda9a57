import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { bytesOf } from '../../peer/body.js';
import { type GatewayOptions, gateway } from '../../peer/gateway.js';
import type { RestResponse } from '../../peer/rest.js';
import { RawAuthority } from '../support/raw-authority.js';
import { Scratch } from '../support/scratch.js';

const bounds = { timeout: 2_000, maxBody: 1024, maxConnections: 2 };
const call = { method: 'GET', path: '/x', query: [], headers: [], body: { kind: 'none' } } as const;

async function answered(options: Omit<GatewayOptions, keyof typeof bounds>): Promise<RestResponse> {
  const api = gateway({ ...bounds, ...options });
  try {
    return await api.handler(call, new AbortController().signal, 'exact');
  } finally {
    api.close();
  }
}

const echo: RequestListener = ({ headers, url }, response) =>
  response.writeHead(200, { 'Content-Type': 'text/plain' }).end(`${headers.host} ${url}`);

/** Status and body as one text. */
function told({ statusCode, body }: RestResponse): string {
  return `${statusCode} ${bytesOf(body).toString()}`;
}

describe('an HTTP API of a gateway', () => {
  let scratch: Scratch;
  let api: Server;

  beforeEach(() => {
    scratch = new Scratch();
  });

  afterEach(async () => {
    api.close();
    await once(api, 'close');
    scratch.remove();
  });

  it('may listen on a unix socket', async () => {
    const socketPath = scratch.path('api.sock');
    api = createServer(echo).listen(socketPath);
    await once(api, 'listening');
    const response = await answered({ upstream: new URL('http://localhost/v1'), socketPath });
    expect(told(response)).to.equal('200 localhost /v1/x');
  });

  it('that is not there is told, on a unix socket as elsewhere', async () => {
    api = createServer(echo).listen(0, '127.0.0.1');
    await once(api, 'listening');
    const socketPath = scratch.path('none.sock');
    const response = await answered({ upstream: new URL('http://localhost/'), socketPath });
    expect(told(response)).to.match(/^502 .*upstream_unreachable.*ENOENT/);
  });

  it('may be a name below localhost', async () => {
    api = createServer(echo).listen(0, '127.0.0.1');
    await once(api, 'listening');
    const { port } = api.address() as AddressInfo;
    const response = await answered({ upstream: new URL(`http://api.localhost:${port}`) });
    expect(told(response)).to.equal(`200 api.localhost:${port} /x`);
  });

  it('may have a CA of its own, which may change; without it nothing is sent, and the answer says what to do', async () => {
    const authority = new RawAuthority();
    const { certificate: cert, key } = authority.issue({
      subject: [['2.5.4.3', 'api']],
      names: [{ dns: 'localhost' }],
    });
    let asked = 0;
    api = createHttpsServer({ cert, key }, (request, response) => {
      asked += 1;
      echo(request, response);
    }).listen(0, 'localhost');
    await once(api, 'listening');
    const upstream = new URL(`https://localhost:${(api.address() as AddressInfo).port}/`);
    const untrusted = await answered({ upstream });
    expect(told(untrusted)).to.match(/^502 .*name the CA of its certificate/);
    expect(asked).to.equal(0);

    let ca = new RawAuthority([['2.5.4.3', 'Stranger']]).certificate;
    const renewed = gateway({ ...bounds, upstream, upstreamCa: () => ca });
    const { signal } = new AbortController();
    expect((await renewed.handler(call, signal, 'exact')).statusCode).to.equal(502);
    ca = authority.certificate;
    expect((await renewed.handler(call, signal, 'exact')).statusCode).to.equal(200);
    renewed.close();
    expect(asked).to.equal(1);
  });
});
