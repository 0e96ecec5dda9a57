import { once } from 'node:events';
import { connect as connectUnix, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect } from 'chai';
import { callTakenBack, preface } from '../support/http2-bytes.js';
import { identityHeaders } from '../support/service.js';
import { type Stack, useStack } from '../support/stack.js';

const SERVICE = '/micronets.wsproxy.control.v1.ControlService';
/** Calls on one connection, below what a listener takes of them before it hangs up, and connections one after another. */
const [CALLS, CONNECTIONS] = [50, 4];

/** Error codes that there are (RFC 9113 §7), and some that there are not. */
const CODES = 16;

/** The calls that the server answers before it looks at the caller, or by the caller's identity. */
const calls: readonly (readonly [string, string, string])[] = [
  ['no gRPC', `${SERVICE}/ListSessions`, 'text/plain'],
  ['no such call', `${SERVICE}/Nothing`, 'application/grpc'],
  ['no rights', `${SERVICE}/ListSessions`, 'application/grpc'],
];

describe('attacks: calls that are taken back as they are made', () => {
  const stack = useStack(() => ({ control: true }));

  for (const [what, path, type] of calls) {
    it(`${what}, at the socket: the service lives on`, async () => {
      const headers = { 'content-type': type, ...identityHeaders() };
      await takeBack(connectUnix(stack().scratch.path('control.sock')), path, headers);
      expect(await lives(stack())).to.equal(true);
    });

    it(`${what}, by a peer through the edge: the service lives on`, async () => {
      const { certificate: cert, key } = stack().issue('peer');
      const { control: port } = stack().edge.ports;
      const where = { host: '127.0.0.1', port, servername: 'localhost', ALPNProtocols: ['h2'] };
      for (let count = 0; count < CONNECTIONS; count += 1) {
        await takeBack(connectTls({ ...where, ca: stack().ca, cert, key }), path, { 'content-type': type });
      }
      expect(await lives(stack())).to.equal(true);
    });
  }
});

/** All calls in one write, so that each is gone before it is looked at. */
async function takeBack(socket: Socket, path: string, headers: Record<string, string>): Promise<void> {
  socket.on('error', () => {});
  const streams = Array.from({ length: CALLS }, (_, at) => callTakenBack(2 * at + 1, path, headers, at % CODES));
  socket.end(Buffer.concat([preface, ...streams]));
  socket.resume();
  await once(socket, 'close');
}

/** Whether the service pairs two peers still. */
async function lives(here: Stack): Promise<boolean> {
  const [one, two] = await here.pair('lives');
  one.send('on');
  const heard = await two.next();
  await here.settle();
  return heard === 'on';
}
