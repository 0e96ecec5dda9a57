import { expect } from 'chai';
import { parseLocalListen } from '../../../proxy/door/listen-address.js';

describe('edge: a place to listen at on this machine', () => {
  for (const place of ['unix:/run/c.sock', '127.0.0.1:5051', 'localhost:0', '[::1]:5051', '127.1.2.3:1']) {
    it(`takes ${place}`, () => expect(parseLocalListen(place)).to.deep.equal({ ok: place }));
  }

  const refused: readonly (readonly [place: string, fault: RegExp])[] = [
    ['0.0.0.0:5051', /whoever reaches it could claim any identity: use unix:PATH or a loopback address/],
    ['proxy.example:5051', /whoever reaches it/],
    ['[::]:5051', /whoever reaches it/],
    ['5051', /neither unix:PATH nor HOST:PORT/],
    ['unix:', /the path of the socket is missing/],
    [`unix:/${'x'.repeat(107)}`, /108 bytes, the system allows 107/],
  ];
  for (const [place, fault] of refused) {
    it(`refuses ${place.slice(0, 30)}`, () => {
      expect(parseLocalListen(place)).to.have.property('fault').match(fault);
    });
  }
});
