import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:tls';
import { MEETUP_PREFIX, meetupIdFrom } from '../../../proxy/wire/path.js';
import { identityFrom } from '../../../proxy/x509/identity-headers.js';
import { startEdge } from '../../support/envoy.js';
import { Scratch } from '../../support/scratch.js';
import { askOn, sayOn, WAITING } from '../line.js';
import { broken, type Target } from '../target.js';
import { HTTP_WORDS, IDENTITY_WORDS } from './words.js';

const CN = '2.5.4.3';
const SUBJECT = 'CN=fuzz';

/**
 * Raw bytes behind a good certificate: whatever they are, what reaches the service is a request for a meetup, in the name of that
 * certificate and of no other.
 */
export const edge: Target = {
  name: 'edge',
  maxBytes: 8192,
  words: [...HTTP_WORDS, ...IDENTITY_WORDS, MEETUP_PREFIX, '%2f', '/../', ';', ' : '],
  open: async () => {
    const scratch = new Scratch();
    const wrong: string[] = [];
    const service = createServer((request, response) => {
      wrong.push(...faultsOf(request));
      response.end();
    });
    service.on('upgrade', (request, socket) => {
      wrong.push(...faultsOf(request));
      socket.on('error', () => {});
      socket.end('HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
    service.listen(scratch.path('service.sock'));
    await once(service, 'listening');
    const envoy = await startEdge({ serviceSocket: scratch.path('service.sock') });
    const { certificate: cert, key } = envoy.authority.issue({ subject: [[CN, 'fuzz']] });
    const ca = envoy.authority.certificate;
    const line = () => connect({ host: '127.0.0.1', port: envoy.ports.peers, servername: 'localhost', ca, cert, key });
    return {
      run: async (input) => {
        const said = (await sayOn(line(), input, WAITING)).toString('latin1');
        if (said !== '' && !said.startsWith('HTTP/1.')) broken('its answer is no HTTP');
        if (wrong.length > 0) broken(wrong.splice(0).join('; '));
      },
      check: async () => {
        const { status } = await askOn(line(), 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
        if (status !== 404) broken(`Envoy answers ${status}`);
      },
      close: async () => {
        await envoy.stop();
        service.closeAllConnections();
        service.close();
        scratch.remove();
      },
    };
  },
};

function faultsOf(request: IncomingMessage): readonly string[] {
  const faults: string[] = [];
  if (!('ok' in meetupIdFrom(request.url ?? ''))) faults.push(`the path ${request.url} came through`);
  const identity = identityFrom(request.rawHeaders);
  if (!('ok' in identity)) faults.push(identity.detail);
  else if (identity.ok.subject !== SUBJECT) faults.push(`it is ${identity.ok.subject}`);
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') faults.push('it is no upgrade to a websocket');
  return faults;
}
