import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { call, isAnswered, preface } from '../support/http2-bytes.js';
import { useStack } from '../support/stack.js';

const LIST = '/micronets.wsproxy.control.v1.ControlService/ListSessions';
const SECRET = 'Bearer sécret';

describe('attacks: headers of calls', () => {
  const stack = useStack(() => ({ control: true, flags: { 'log-level': 'debug' } }));

  it('a value that gRPC has no room for is not repeated in the log, whose every line stays one JSON object', async () => {
    const { certificate: cert, key } = stack().issue('peer');
    const { control: port } = stack().edge.ports;
    const where = { host: '127.0.0.1', port, servername: 'localhost', ALPNProtocols: ['h2'] };
    const socket: TLSSocket = connect({ ...where, ca: stack().ca, cert, key });
    const headers = { 'content-type': 'application/grpc', authorization: SECRET, 'x-forged': '{"a":1}é' };
    socket.write(Buffer.concat([preface, call(1, LIST, headers)]));
    let came: Buffer = Buffer.alloc(0);
    while (!isAnswered(came, 1)) {
      const [chunk] = await once(socket, 'data');
      came = Buffer.concat([came, chunk]);
    }
    socket.destroy();
    for (const line of stack().log) expect(() => JSON.parse(line), line).not.to.throw();
    expect(stack().log.join('\n')).not.to.include('cret');
  });
});
