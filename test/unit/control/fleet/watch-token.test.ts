import { status as Code } from '@grpc/grpc-js';
import { expect } from 'chai';
import fc from 'fast-check';
import { questionMark, sealed } from '../../../../proxy/control/calls/opaque-token.js';
import { type Standing, sealedStandings, standingsIn } from '../../../../proxy/control/fleet/watch-token.js';
import { Fault } from '../../../../proxy/control/rpc/fault.js';

const standing: fc.Arbitrary<Standing> = fc.record({
  incarnation: fc.string({ maxLength: 57 }),
  replica: fc.string({ maxLength: 40 }),
  token: fc.base64String({ maxLength: 60 }),
});

function faultOf(work: () => unknown): Fault {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('a fault was expected');
}

describe('the token of a watch of a fleet', () => {
  it('gives back what it was made of, for its own filter only', () => {
    fc.assert(
      fc.property(fc.array(standing, { maxLength: 20 }), fc.string(), (standings, filter) => {
        const token = sealedStandings(questionMark(filter), standings);
        expect(standingsIn(token, filter)).to.deep.equal(standings);
        expect(faultOf(() => standingsIn(token, `${filter}x`)).message).to.contain('belongs to another filter');
      }),
    );
  });

  it('is short enough to be read with two hundred replicas that have long names', () => {
    const replica = 'n'.repeat(40);
    const own = sealed(['e'.repeat(12), 'm'.repeat(16), Number.MAX_SAFE_INTEGER]);
    const standings = Array.from({ length: 200 }, () => ({
      incarnation: `${replica}-${'0'.repeat(16)}`,
      replica,
      token: own,
    }));
    expect(standingsIn(sealedStandings(questionMark(''), standings), '')).to.have.length(200);
  });

  it('is told from the token of a replica that was alone: start over', () => {
    const alone = faultOf(() => standingsIn(sealed(['epoch', 'mark', 7]), ''));
    expect([alone.code, alone.reason]).to.deep.equal([Code.OUT_OF_RANGE, 'RESUME_TOKEN_EXPIRED']);
  });

  it('refuses whatever else it is given, and never fails otherwise', () => {
    const parts = fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 9 });
    const odd = fc.oneof(
      fc.string(),
      fc.base64String({ maxLength: 80 }),
      parts.map((one) => sealed(one)),
      parts.map((one) => sealed(['fleet/1', '', ...one])),
      fc
        .tuple(fc.array(standing, { maxLength: 3 }), fc.nat(400))
        .map(([some, cut]) => sealedStandings(questionMark(''), some).slice(0, cut)),
    );
    fc.assert(
      fc.property(odd, (token) => {
        try {
          standingsIn(token, '');
        } catch (error) {
          expect(error).to.be.instanceOf(Fault);
        }
      }),
    );
  });
});
