import { once } from 'node:events';
import { connect as connectUnix } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { identityHeaders } from '../support/service.js';
import type { Stack } from '../support/stack.js';
import { echoOptions, type Product } from './meetup-front.js';

/** The service's socket, with nothing before it: the identity is said in headers, as the edge does. */
export function socketOf(stack: Stack): Product {
  const headers = Object.entries(identityHeaders({ cn: 'fuzzing-client', fingerprint: 'b'.repeat(64) }));
  return {
    prefix: MEETUP_PREFIX,
    headers: headers.map(([name, value]) => `${name}: ${value}`),
    connect: async () => {
      const socket = connectUnix(stack.socket);
      await once(socket, 'connect');
      return socket;
    },
    echo: (meetup) =>
      new WebSocket(`ws+unix:${stack.socket}:${MEETUP_PREFIX}${meetup}`, {
        headers: identityHeaders({ cn: 'echo' }),
        ...echoOptions,
      }),
  };
}

/** The whole product: both peers with certificates through the edge. */
export function edgeOf(stack: Stack): Product {
  const [client, partner] = [stack.issue('fuzzing-client'), stack.issue('echo')];
  return {
    prefix: stack.prefix,
    headers: [],
    connect: async () => {
      const { certificate: cert, key } = client;
      const where = { host: '127.0.0.1', port: stack.port, servername: 'localhost' };
      const socket = connectTls({ ...where, ca: stack.ca, cert, key });
      await once(socket, 'secureConnect');
      return socket;
    },
    echo: (meetup) =>
      new WebSocket(`wss://localhost:${stack.port}${stack.prefix}${meetup}`, {
        ca: stack.ca,
        cert: partner.certificate,
        key: partner.key,
        ...echoOptions,
      }),
  };
}
