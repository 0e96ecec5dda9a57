import { expect } from 'chai';
import fc from 'fast-check';
import { CLUSTER_NAME, namesOf, textOf, tokenOf } from '../../../proxy/cluster/nats/subjects.js';

describe('subjects', () => {
  it('property: any text is one token, and read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        expect(tokenOf(text)).to.match(/^[A-Za-z0-9_=-]+$/);
        expect(textOf(tokenOf(text))).to.equal(text);
      }),
    );
  });

  it('property: two texts have two tokens', () => {
    const two = fc.tuple(fc.string(), fc.string()).filter(([one, other]) => one !== other);
    fc.assert(fc.property(two, ([one, other]) => void expect(tokenOf(one)).to.not.equal(tokenOf(other))));
  });

  it('leaves the usual names as they are', () => {
    expect(tokenOf('replica-1-0a1b2c')).to.equal('replica-1-0a1b2c');
    expect(namesOf('wsp').replica('host.example')).to.equal('wsp.replica.host=2eexample');
    expect(namesOf('wsp').rest('replica', 'wsp.replica.host=2eexample')).to.equal('host.example');
    expect(namesOf('wsp').rest('block', 'wsp.replica.a')).to.equal(undefined);
  });

  it('names streams and inbox after the fleet', () => {
    const { claims, blocks, inbox, all } = namesOf('lab-2');
    expect([claims, blocks, inbox, all('claim')]).to.deep.equal([
      'LAB-2_CLAIMS',
      'LAB-2_BLOCKS',
      '_INBOX.lab-2',
      'lab-2.claim.*',
    ]);
  });

  it('shows nothing of a meetup id, and half of a hash of it', () => {
    expect(namesOf('wsp').claim('sub/8675309/00224dd149bb')).to.match(/^wsp\.claim\.[0-9a-f]{32}$/);
    expect(namesOf('wsp').claim('a')).to.not.equal(namesOf('wsp').claim('A'));
  });

  it('takes as the name of a fleet what is a token and the beginning of a stream’s name', () => {
    for (const name of ['wsp', 'a', 'lab-2', 'a'.repeat(32)]) expect(name).to.match(CLUSTER_NAME);
    for (const name of ['', 'Wsp', 'a.b', 'a b', '2a', '-a', 'a_b', 'a*', 'a>', 'é', 'a'.repeat(33)]) {
      expect(name).to.not.match(CLUSTER_NAME);
    }
  });
});
