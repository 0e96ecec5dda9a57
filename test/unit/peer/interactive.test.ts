import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { PeerConnection } from '../../../peer/connection.js';
import { interact } from '../../../peer/interactive.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeSocket } from '../../support/fake-socket.js';
import { hello } from '../../support/fixtures.js';
import { reached } from '../../support/peers.js';

describe('an interactive peer', () => {
  async function session(pretty: boolean) {
    const socket = new FakeSocket();
    const peer = new PeerConnection({
      url: 'wss://proxy.example/a',
      claims: { peerClass: 'test', peerId: '1' },
      dial: async () => socket,
      clock: new FakeClock(),
    });
    const input = new PassThrough();
    const printed: string[] = [];
    const complaints: string[] = [];
    const terminal = {
      input,
      print: (text: string) => printed.push(text),
      complain: (text: string) => complaints.push(text),
      pretty,
    };
    const over = new AbortController();
    const ended = interact(peer, terminal, over.signal);
    peer.start();
    await reached(peer, 'waiting');
    const type = async (text: string): Promise<void> => {
      input.end(text);
      await ended;
    };
    return { socket, printed, complaints, type, over };
  }

  it('prints what arrives as it came, the HELLO first, one line each', async () => {
    const { socket, printed } = await session(false);
    socket.receive(hello());
    socket.receive('{"n": 1.0, "s": "\u009b2J\u202e"}');
    socket.receive('{\n"a": 1}');
    socket.receive('no\nJSON');
    socket.receive(Buffer.from([1, 2]), true);
    expect(printed).to.deep.equal([
      hello(),
      '{"n": 1.0, "s": "\\u009b2J\\u202e"}',
      '{"a":1}',
      '{"text":"no\\nJSON"}',
      '{"binary":"AQI="}',
    ]);
  });

  it('spreads JSON over lines for a person', async () => {
    const { socket, printed } = await session(true);
    socket.receive(hello());
    socket.receive('{"a":1}');
    expect(printed.at(-1)).to.equal('{\n  "a": 1\n}');
  });

  it('sends each line as it was typed, refuses what is no JSON with its place, and goes on', async () => {
    const { socket, complaints, type } = await session(false);
    socket.receive(hello());
    await type('{"message": {"messageId":  1}}\n\n{"a": }\n [1]\r\n');
    expect(socket.texts.slice(1)).to.deep.equal(['{"message": {"messageId":  1}}', '[1]']);
    expect(complaints).to.deep.equal(['not sent: line 3, column 7: not JSON: "}" where a value should be']);
  });

  it('goes on printing when the input has ended, until it is told to stop', async () => {
    const { socket, printed, type, over } = await session(false);
    await type('');
    socket.receive(hello());
    over.abort();
    socket.receive('{"a":1}');
    expect(printed).to.deep.equal([hello()]);
  });

  it('refuses to send before there is a pair', async () => {
    const { socket, complaints, type } = await session(false);
    await type('{}\n');
    expect(socket.sent).to.have.length(1);
    expect(complaints).to.deep.equal(['not sent: line 1: the other peer is not there (not_paired)']);
  });
});
