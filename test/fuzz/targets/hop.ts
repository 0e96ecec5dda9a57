import { createServer, type Server } from 'node:net';
import { MEETUP_PREFIX } from '../../../proxy/wire/path.js';
import { certificateOf, ReplicaClient, upgradeText } from '../../support/replica-client.js';
import { type Replica, Replicas } from '../../support/replicas.js';
import { say, WAITING } from '../line.js';
import { broken, type Target } from '../target.js';
import { HTTP_WORDS, IDENTITY_WORDS } from './words.js';

const MAX_BYTES = 16_384;
const MARKS = ['x-ws-proxy-hop: other-1\r\n', 'x-ws-proxy-owner: owner-1\r\n', 'x-ws-proxy-incarnation: owner-1\r\n'];

/** Raw bytes at the listener for other replicas, which believes who says that he is one; beside it peers meet over a hop. */
export const hop: Target = {
  name: 'hop',
  maxBytes: MAX_BYTES,
  words: [
    ...HTTP_WORDS,
    ...IDENTITY_WORDS,
    ...MARKS,
    MEETUP_PREFIX,
    'POST /drain?',
    'deadline=0&',
    'batch=1&',
    '&spread=0',
  ],
  open: async () => {
    const fleet = new Replicas();
    const [owner, landing] = [await fleet.start('owner'), await fleet.start('landing')];
    return {
      run: async (input) => {
        const said = await say({ path: owner.address.slice('unix:'.length) }, input);
        if (said.length > 0 && !said.toString('latin1').startsWith('HTTP/1.1 ')) broken('its answer is no HTTP');
        withoutFault(owner);
      },
      check: () => meet(owner, landing),
      close: () => fleet.stop(),
    };
  },
};

/** Raw bytes as the answer of a replica: the client gets those very bytes, or an answer of the replica on which it landed. */
export const hopAnswer: Target = {
  name: 'hop-answer',
  maxBytes: MAX_BYTES,
  words: [...HTTP_WORDS, 'HTTP/1.1 101 Switching Protocols\r\n', 'HTTP/1.1 421 \r\n', 'HTTP/1.1 409 \r\n', ...MARKS],
  open: async () => {
    const fleet = new Replicas();
    const landing = await fleet.start('landing', { times: { answer: 20, linger: 20 } });
    // Each input has a meetup and a certificate of its own: many are underway at one time, and who connects so often is kept out.
    const inputs = new Map<string, Buffer>();
    let count = 0;
    const owner = createServer((socket) => {
      socket
        .on('error', () => {})
        .once('data', (piece: Buffer) => {
          const [, meetup = ''] = /\/(\d+) HTTP/.exec(piece.toString('latin1')) ?? [];
          socket.end(inputs.get(meetup) ?? '');
        });
    });
    await listening(owner.listen(fleet.scratch.path('owner.hop')));
    const address = `unix:${fleet.scratch.path('owner.hop')}`;
    return {
      run: async (input) => {
        count += 1;
        const meetup = `${count}`;
        inputs.set(meetup, input);
        landing.stale.set(meetup, { incarnation: 'owner-1', replica: 'owner', address });
        const upgrade = Buffer.from(upgradeText(meetup, certificateOf(`fuzz ${meetup}`)));
        const said = await say({ path: landing.edgePath }, upgrade, WAITING);
        inputs.delete(meetup);
        landing.stale.delete(meetup);
        // A replica that says 421 has the client taken here, or told to come again.
        const isOwn = /^HTTP\/1\.1 (?:503|101[\s\S]*\r\nSec-WebSocket-Accept: ICX\+)/.test(said.toString('latin1'));
        if (!isOwn && !said.equals(input.subarray(0, said.length)))
          broken(`it passes on ${JSON.stringify(said.toString('latin1').slice(0, 300))}`);
        withoutFault(landing);
      },
      close: async () => {
        await fleet.stop();
        await new Promise((resolve) => owner.close(resolve));
      },
    };
  },
};

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.once('listening', resolve));
}

function withoutFault({ faults }: Replica): void {
  if (faults.length > 0) broken(`it has a fault of its own: ${faults.shift()}`);
}

/** Two peers meet over a hop, and one hears the other. */
async function meet(owner: Replica, landing: Replica): Promise<void> {
  const pair = await ReplicaClient.pair(owner, landing, `check-${Math.random()}`);
  pair[0].ws.send('heard');
  if ((await pair[1].text()) !== 'heard') broken('a peer heard something else');
  for (const { ws, closed } of pair) {
    ws.terminate();
    await closed;
  }
}
