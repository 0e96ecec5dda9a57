import { expect } from 'chai';
import fc from 'fast-check';
import { greetingOf, mismatch } from '../../../peer/greeting.js';
import { helloText } from '../../../peer/outgoing.js';
import { readHello } from '../../../proxy/wire/hello.js';

const bridge = { peerClass: 'b', peerId: '1', asks: true, answers: false };
const gateway = { peerClass: 'g', peerId: '2', asks: false, answers: true };
const silent = { peerClass: 'micronets-gateway-service', peerId: '3' };

describe('what a HELLO says beside who it is', () => {
  it('[HELLO-5] is whether the peer asks and answers, and is read as it was said', () => {
    for (const claims of [bridge, gateway, silent]) {
      const data = Buffer.from(helloText(1, claims));
      const reading = readHello(data, 1024);
      if ('refused' in reading) throw new Error(reading.refused);
      expect(greetingOf(reading.ok, data)).to.deep.equal(claims);
    }
  });

  it('[HELLO-5] counts only as true or false', () => {
    const other = fc.jsonValue().filter((value) => typeof value !== 'boolean');
    fc.assert(
      fc.property(other, other, (asks, answers) => {
        const data = Buffer.from(JSON.stringify({ message: { asks, answers } }));
        expect(greetingOf(silent, data)).to.deep.equal(silent);
      }),
    );
  });

  it('shows two bridges, and two gateways, that nothing will come of them', () => {
    expect(mismatch(bridge, bridge)).to.contain('a bridge').and.to.contain('not_served');
    expect(mismatch(gateway, gateway)).to.contain('a gateway');
    for (const [own, other] of [
      [bridge, gateway],
      [gateway, bridge],
      [bridge, silent],
      [gateway, silent],
      [silent, bridge],
      [silent, silent],
    ] as const) {
      expect(mismatch(own, other)).to.equal(undefined);
    }
  });
});
