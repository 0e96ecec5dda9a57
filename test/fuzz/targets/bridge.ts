import { isUtf8 } from 'node:buffer';
import { Bridge } from '../../../peer/bridge.js';
import { PeerConnection } from '../../../peer/connection.js';
import { servesNothing } from '../../../peer/responder.js';
import { bridgeOptions, startHttpWay } from '../../support/http-way.js';
import { response } from '../../support/pair.js';
import { startService } from '../../support/service.js';
import { startTlsFront } from '../../support/tls-front.js';
import { HostilePartner } from '../hostile-partner.js';
import { ask, say, WAITING } from '../line.js';
import { broken, type Target } from '../target.js';
import { ENVELOPE_WORDS, HTTP_WORDS } from './words.js';

const PATH = '/micronets/v1/ws-proxy/fuzz/bridge';
const ASK = 'GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
/** Headers that a bridge writes by itself. */
const OWN = ['connection', 'content-length', 'content-type', 'date', 'ws-proxy-session', 'ws-proxy-trace-id'];

/** Raw bytes at a bridge, with a gateway and an API at the other end: the API is asked for what is below its own path, by its own name. */
export const bridge: Target = {
  name: 'bridge',
  maxBytes: 8192,
  words: [...HTTP_WORDS, '%2e%2e/', '%0d%0a', '?a=b&', ';', 'Host: evil\r\n', 'X-A: b\r\n'],
  open: async () => {
    const way = await startHttpWay();
    await way.pair();
    const wrong: string[] = [];
    way.answer = (request, response) => {
      if (!request.url?.startsWith('/api/')) wrong.push(`the API was asked for ${request.url}`);
      if (request.headers.host !== `127.0.0.1:${way.apiPort}`) wrong.push(`its host is ${request.headers.host}`);
      request.resume();
      response.end('{}');
    };
    const where = { port: Number(new URL(way.http).port), host: '127.0.0.1' };
    return {
      run: async (input) => {
        const said = (await say(where, input, WAITING)).toString('latin1');
        if (said !== '' && !said.startsWith('HTTP/1.1 ')) broken('its answer is no HTTP');
        if (said.includes('internal_error')) broken('a fault in the bridge');
        if (wrong.length > 0) broken(wrong.splice(0).join('; '));
      },
      check: async () => {
        const { status } = await ask(where, ASK);
        if (status !== 200) broken(`the bridge answers ${status}`);
      },
      close: () => way.stop(),
    };
  },
};

/**
 * A bridge whose partner answers anything, then properly: the caller gets one answer of HTTP, whole, with no header that was not in a list
 * of headers. `"ID"` stands for the request's id.
 */
export const answers: Target = {
  name: 'answers',
  maxBytes: 8192,
  words: [
    ...ENVELOPE_WORDS,
    '"ID"',
    '\\r\\nX-B: 1',
    '"reasonPhrase":"',
    '"Content-Length"',
    '"Transfer-Encoding"',
    '"dataFormat":"',
  ],
  open: async () => {
    const service = await startService();
    const front = await startTlsFront(service.socketPath);
    const credentials = front.client('manager');
    const claims = { peerClass: 'manager', peerId: '1' };
    const peer = new PeerConnection({
      url: `${front.origin}${PATH}`,
      claims,
      credentials: () => credentials,
      handler: servesNothing,
    });
    peer.start();
    let next: Buffer = Buffer.alloc(0);
    const partner = new HostilePartner(service, PATH, peer, (text) => {
      const { message } = JSON.parse(text) as { message: { messageType: string; messageId: number } };
      if (message.messageType !== 'REST:REQUEST') return;
      const { messageId } = message;
      void partner.send(Buffer.from(next.toString().replaceAll('"ID"', String(messageId))));
      void partner.send(Buffer.from(response(messageId, 200)));
    });
    const own = new Bridge(peer, bridgeOptions);
    const where = { port: Number(new URL(await own.listen()).port), host: '127.0.0.1' };
    // The first word makes it a pair.
    await partner.send(Buffer.from('{}'));
    return {
      run: async (input) => {
        if (!isUtf8(input)) return;
        next = input;
        await partner.send(Buffer.from('{}'));
        const { headers } = await ask(where, ASK);
        const given = namesIn(input);
        const strange = headers.find(([name]) => !OWN.includes(name) && !given.includes(name));
        if (strange !== undefined) broken(`the header ${strange[0]} is from nowhere`);
      },
      close: async () => {
        partner.close();
        await own.close();
        await peer.stop();
        await front.stop();
        await service.stop();
      },
    };
  },
};

/** Texts in an input that could be the names of headers, in lower case. */
function namesIn(input: Buffer): readonly string[] {
  try {
    const texts: string[] = [];
    JSON.parse(input.toString().replaceAll('"ID"', '1'), (_, value) => {
      if (typeof value === 'string') texts.push(value.toLowerCase());
      return value;
    });
    return texts;
  } catch {
    return [];
  }
}
