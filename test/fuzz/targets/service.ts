import { once } from 'node:events';
import { WebSocket } from 'ws';
import { MEETUP_PREFIX } from '../../../proxy/wire/path.js';
import { hello } from '../../support/fixtures.js';
import { Scratch } from '../../support/scratch.js';
import { identityHeaders, type Service, startService } from '../../support/service.js';
import { ask, say, WAITING } from '../line.js';
import { broken, type Opened, type Target } from '../target.js';
import { ENVELOPE_WORDS, HTTP_WORDS, IDENTITY_WORDS } from './words.js';

const MAX_BYTES = 16_384;

/** Raw bytes at the service's socket: the upgrade, HELLO and what comes behind. A pair meets beside it all the time. */
export const upgrade: Target = {
  name: 'upgrade',
  maxBytes: MAX_BYTES,
  words: [...HTTP_WORDS, ...IDENTITY_WORDS, MEETUP_PREFIX, ...ENVELOPE_WORDS],
  open: () =>
    withService({}, (service) => ({
      run: async (input) => {
        const said = await say({ path: service.socketPath }, input);
        if (said.length > 0 && !said.toString('latin1').startsWith('HTTP/1.1 ')) broken('its answer is no HTTP');
      },
      check: () => meet(service),
    })),
};

/** Raw bytes at the port of metrics, probes and the page. */
export const page: Target = {
  name: 'page',
  maxBytes: MAX_BYTES,
  words: [
    ...HTTP_WORDS,
    '/page/state',
    '/page/main.js',
    '/metrics',
    '/healthz',
    '/..%2f',
    '?filter=',
    'Host: evil.example\r\n',
  ],
  open: () =>
    withService({ page: 'true' }, (service) => {
      const where = { port: service.proxy.parts.metricsPort, host: '127.0.0.1' };
      return {
        run: async (input) => {
          const said = (await say(where, input)).toString('latin1');
          if (said !== '' && !said.startsWith('HTTP/1.1 ')) broken('its answer is no HTTP');
          if (/^HTTP\/1\.1 5/m.test(said) && !/^HTTP\/1\.1 50[35]/m.test(said)) broken(said.split('\r\n')[0] ?? '');
        },
        check: () => answers(where, 'GET /page/state HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
      };
    }),
};

/** A viewer: one who may drain would end what the check looks for. */
const POLICY = `version: 1
rules:
  - { name: all, match: any, meetups: "**" }
control:
  - { name: all, match: any, rights: viewer }
`;

/** Raw bytes at the control API's socket, behind whose first line stands who is calling. */
export const control: Target = {
  name: 'control',
  maxBytes: MAX_BYTES,
  words: [...HTTP_WORDS, '/v1/sessions', '/v1/blocks', '/v1/drain', ':kick', '"reason":"x"', '?filter='],
  open: async () => {
    const scratch = new Scratch();
    const path = scratch.path('control.sock');
    const policy = scratch.write('policy.yaml', POLICY);
    return withService({ controlListen: `unix:${path}`, policy }, (service) => ({
      run: async (input) => {
        const said = (await say({ path }, named(input), WAITING)).toString('latin1');
        if (/^HTTP\/1\.1 50[02]/m.test(said)) broken(said.split('\r\n')[0] ?? '');
      },
      check: async () => {
        await answers(
          { path },
          named(Buffer.from('GET /v1/sessions HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')),
        );
        await meet(service);
      },
      close: async () => scratch.remove(),
    }));
  },
};

const caller = Object.entries(identityHeaders({ cn: 'caller' }))
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('');

/** With the headers by which the edge says who is calling. */
function named(input: Buffer): Buffer {
  const at = input.indexOf('\r\n');
  // In HTTP/2 the corpus says it itself.
  if (at < 0 || input.subarray(0, at).toString() === 'PRI * HTTP/2.0') return input;
  return Buffer.concat([input.subarray(0, at + 2), Buffer.from(caller), input.subarray(at + 2)]);
}

async function withService(flags: Record<string, string>, make: (service: Service) => Opened): Promise<Opened> {
  const service = await startService(flags);
  const opened = make(service);
  return {
    ...opened,
    close: async () => {
      await service.stop();
      await opened.close?.();
    },
  };
}

async function answers(where: { path: string } | { port: number }, request: string | Buffer): Promise<void> {
  const { status } = await ask(where, request);
  if (status !== 200) broken(`it answers ${status}`);
}

/** Two peers meet and one hears the other. */
async function meet(service: Service): Promise<void> {
  const address = `ws+unix:${service.socketPath}:${MEETUP_PREFIX}check/${Math.random()}`;
  const peers = ['one', 'two'].map((cn) => new WebSocket(address, { headers: identityHeaders({ cn }) }));
  try {
    await Promise.all(peers.map((peer) => once(peer, 'open')));
    const heard = Promise.all(peers.map((peer) => once(peer, 'message')));
    for (const peer of peers) peer.send(hello());
    await heard;
  } finally {
    for (const peer of peers) peer.terminate();
  }
}
