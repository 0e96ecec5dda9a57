import { expect } from 'chai';
import fc from 'fast-check';
import { harmless } from '../../../proxy/session/life/message-observer.js';
import { Core } from '../../support/core.js';

const message = fc.record({
  from: fc.constantFrom(0, 1),
  data: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary' }).map(bytes)),
  binary: fc.boolean(),
});

describe('relay', () => {
  it('[RELAY-1] passes on whatever comes in: same bytes, same type, same order, once', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 50 }), (messages) => {
        const core = new Core({ highMark: Number.POSITIVE_INFINITY });
        const pair = core.pair();
        for (const { from, data, binary } of messages) pair[from]?.socket.receive(Buffer.from(data), binary);
        for (const [from, to] of [pair, [...pair].reverse()]) {
          const said = messages.filter((one) => pair[one.from] === from);
          expect(to?.socket.sent).to.deep.equal(said.map(({ data, binary }) => ({ data: Buffer.from(data), binary })));
        }
      }),
    );
  });

  it('[RELAY-1] passes on an empty message', () => {
    const [one, two] = new Core().pair();
    one.socket.receive(Buffer.alloc(0), true);
    one.socket.receive('');
    expect(two.socket.sent.map(({ data, binary }) => [data.length, binary])).to.deep.equal([
      [0, true],
      [0, false],
    ]);
  });

  it('[RELAY-1] passes on the very bytes, without a copy', () => {
    const [one, two] = new Core().pair();
    const data = Buffer.from('same');
    one.socket.deliver(data, true);
    expect(two.socket.sent[0]?.data).to.equal(data);
  });

  const rest = { messageId: 1, messageType: 'REST:REQUEST', requiresResponse: true, method: 'GET', path: '/x' };
  const answer = { messageId: 1, messageType: 'REST:RESPONSE', inResponseTo: 1, statusCode: 200, reasonPhrase: null };
  const event = { messageId: 2, messageType: 'EVENT:DHCP:leaseAcquired', requiresResponse: false };
  const cases: readonly (readonly [string, unknown])[] = [
    ['[MSG-4] a REST:REQUEST', { message: rest }],
    ['[MSG-4] a REST:RESPONSE', { message: answer }],
    ['[MSG-4] a REST:RESPONSE to nothing', { message: { ...answer, inResponseTo: 'nothing' } }],
    ['[MSG-5] a body of JSON', { message: { ...rest, dataFormat: 'application/json', messageBody: { a: [1] } } }],
    ['[MSG-5] a body in base64', { message: { ...rest, dataFormat: 'application/octet-stream', messageBody: 'AAE=' } }],
    [
      '[MSG-5] a body that is not what dataFormat says',
      { message: { ...rest, dataFormat: 'application/json', messageBody: '{' } },
    ],
    ['[MSG-3] an event', { message: event }],
    ['[MSG-3] a second HELLO', { message: { messageType: 'CONN:HELLO' } }],
    ['[MSG-3] a type of the peers', { id: 9, message: { ...event, messageType: 'DPP:whatever' } }],
    ['[MSG-1] an envelope without message', { other: true }],
    ['[RELAY-2] JSON that is no object', [null, 1, 'x']],
    ['[RELAY-2] text that is no JSON', '{"message":'],
  ];
  for (const [name, value] of cases) {
    it(`${name} is carried as it is`, () => {
      const [one, two] = new Core().pair();
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      one.socket.receive(text);
      expect(two.socket.texts).to.deep.equal([text]);
      expect([one.socket.closedWith, two.socket.closedWith]).to.deep.equal([undefined, undefined]);
    });
  }

  it('[RELAY-2] sends what the observer returns in place of a message, and nothing else of it', () => {
    const seen: string[] = [];
    const core = new Core(
      {},
      {
        relayed: (session, from, data, binary) => {
          seen.push(`${session.peers.length} ${[...session.peers].indexOf(from)} ${data} ${binary}`);
          return data.toString() === 'change' ? Buffer.from('changed') : data;
        },
      },
    );
    const [one, two] = core.pair();
    one.socket.receive('change');
    two.socket.receive('keep', true);
    expect(two.socket.texts).to.deep.equal(['changed']);
    expect(one.socket.texts).to.deep.equal(['keep']);
    expect(seen).to.deep.equal(['2 0 change false', '2 1 keep true']);
  });

  it('[OBS-2] carries a message whose observer throws', () => {
    const faults: unknown[] = [];
    const broken = { relayed: (): Buffer => expect.fail('broken') };
    const core = new Core(
      {},
      harmless(broken, (error) => faults.push(error)),
    );
    const [one, two] = core.pair();
    one.socket.receive('all the same');
    expect(two.socket.texts).to.deep.equal(['all the same']);
    expect(faults).to.have.length(1);
  });

  it('counts messages and bytes of both sides, the HELLOs included', () => {
    const core = new Core();
    const [one, two] = core.pair();
    const greeting = { ...one.peer.counters };
    one.socket.receive('12345');
    one.socket.receive('123', true);
    expect(one.peer.counters).to.deep.equal({
      ...greeting,
      messagesIn: greeting.messagesIn + 2,
      bytesIn: greeting.bytesIn + 8,
    });
    expect(greeting).to.include({ messagesIn: 1, messagesOut: 1 });
    expect(two.peer.counters.bytesOut).to.equal(two.peer.counters.bytesIn + 8);
  });
});

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}
