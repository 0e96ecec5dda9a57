import { expect } from 'chai';
import { MAX_CONTEXTS, secureContextFor } from '../../../proxy/transport/dial/secure-contexts.js';
import { RawAuthority } from '../../support/raw-authority.js';

describe('TLS contexts of dials', () => {
  const authority = new RawAuthority();
  const issue = (cn: string) => {
    const { certificate: cert, key } = authority.issue({ subject: [['2.5.4.3', cn]] });
    return { cert, key, ca: authority.certificate };
  };

  it('are made once for the same texts, and anew where one of them differs', () => {
    const [one, other] = [issue('one'), issue('other')];
    expect(secureContextFor({ ...one })).to.equal(secureContextFor(one));
    const all = [one, other, { ...one, ca: undefined }, { ca: one.ca }, {}];
    expect(new Set(all.map(secureContextFor)).size).to.equal(all.length);
  });

  it('are bounded: the one that was not used for longest goes', () => {
    const [kept, dropped] = [issue('kept'), issue('dropped')];
    const before = [secureContextFor(dropped), secureContextFor(kept)];
    for (let count = 1; count < MAX_CONTEXTS; count += 1) {
      secureContextFor({ ca: `${authority.certificate}${'\n'.repeat(count)}` });
      secureContextFor(kept);
    }
    expect(secureContextFor(kept)).to.equal(before[1]);
    expect(secureContextFor(dropped)).to.not.equal(before[0]);
  });

  it('throw what Node throws where a text is no PEM', () => {
    expect(() => secureContextFor({ ...issue('one'), key: 'no key' })).to.throw(/PEM|DECODER|unsupported/i);
  });
});
