import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PeerConnection } from '../../../peer/connection.js';
import { gateway as gatewayOf } from '../../../peer/gateway.js';
import { request } from '../../support/pair.js';
import { startService } from '../../support/service.js';
import { startTlsFront } from '../../support/tls-front.js';
import { HostilePartner } from '../hostile-partner.js';
import { broken, type Target } from '../target.js';
import { ENVELOPE_WORDS } from './words.js';

const PATH = '/micronets/v1/ws-proxy/fuzz/gateway';
/** The id by which a request of the check's own is known; a number that generated ones hardly are. */
const FIRST_MARK = 800_000_001;
const MAX_BODY = 65_536;
/** Milliseconds for the gateway to come to an end of what was said to it. */
const MARK_MS = 8_000;

/** A gateway whose partner writes anything: its own API gets requests below its own path, one for each message at most, and nobody else any. */
export const gateway: Target = {
  name: 'gateway',
  maxBytes: 8192,
  words: [
    ...ENVELOPE_WORDS,
    'http://ELSEWHERE/',
    '//ELSEWHERE/',
    '\\r\\nX-B: 1',
    '%0d%0a',
    '..%2f',
    '"rawQuery":"',
    '"val":',
    '@ELSEWHERE',
  ],
  open: async () => {
    const wrong: string[] = [];
    const calls = { marks: 0, others: 0 };
    const api = createServer((asked, response) => {
      const isMark = asked.url?.startsWith('/api/mark-of-the-check/') === true;
      calls[isMark ? 'marks' : 'others'] += 1;
      wrong.push(...faultsOf(asked, host));
      asked.resume();
      response.end('{}');
    });
    const elsewhere = createServer((_, response) => {
      wrong.push('another server was called');
      response.end();
    });
    for (const server of [api, elsewhere]) await once(server.listen(0, '127.0.0.1'), 'listening');
    const host = `127.0.0.1:${(api.address() as AddressInfo).port}`;
    const other = `127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    const service = await startService();
    const front = await startTlsFront(service.socketPath);
    const upstream = new URL(`http://${host}/api/`);
    const own = gatewayOf({ upstream, timeout: 2_000, maxBody: MAX_BODY, maxConnections: 4 });
    const credentials = front.client('gateway');
    const claims = { peerClass: 'gateway', peerId: '1' };
    const peer = new PeerConnection({
      url: `${front.origin}${PATH}`,
      claims,
      credentials: () => credentials,
      handler: own.handler,
    });
    peer.observe({ fault: (error) => wrong.push(String(error)) });
    peer.start();
    const answered = new Map<number, () => void>();
    const partner = new HostilePartner(service, PATH, peer, (text) => {
      const { message } = JSON.parse(text) as { message: { inResponseTo?: number } };
      answered.get(Number(message.inResponseTo))?.();
    });
    let mark = FIRST_MARK;
    const finished = async (): Promise<void> => {
      mark += 1;
      const id = mark;
      const answer = new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('the gateway answers no more')), MARK_MS);
        answered.set(id, () => resolve(clearTimeout(late)));
      });
      await partner.send(Buffer.from(request(id, { path: `/mark-of-the-check/${id}` })));
      await answer.finally(() => answered.delete(id));
    };
    return {
      run: async (input) => {
        // Text that is none ends the connection, before any gateway hears of it.
        if (!isUtf8(input)) return;
        const before = calls.others;
        await partner.send(Buffer.from(input.toString().replaceAll('ELSEWHERE', other)));
        await finished();
        if (calls.others - before > 1) wrong.push('one message made more than one request');
        if (wrong.length > 0) broken(wrong.splice(0).join('; '));
      },
      close: async () => {
        partner.close();
        await peer.stop();
        own.close();
        await front.stop();
        await service.stop();
        for (const server of [api, elsewhere]) server.close();
      },
    };
  },
};

function faultsOf({ url = '', rawHeaders, headers }: IncomingMessage, host: string): readonly string[] {
  const faults: string[] = [];
  if (!url.startsWith('/api/')) faults.push(`the API was asked for ${url}`);
  if (!new URL(url, 'http://a').pathname.startsWith('/api/')) faults.push(`${url} leaves the base`);
  const hosts = rawHeaders.filter((_, at) => at % 2 === 0).filter((name) => name.toLowerCase() === 'host');
  if (hosts.length !== 1 || headers.host !== host) faults.push(`its host is ${headers.host}`);
  return faults;
}
