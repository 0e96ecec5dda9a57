import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { expect } from 'chai';
import { planOf, readTarget, type Target } from '../../bench/target.js';
import { makeDevelopmentPki } from '../../certs/development.js';
import { startBroker } from '../bench/rivals/contender.js';
import { NatsLink } from '../bench/rivals/nats-link.js';
import { openNatsPair } from '../bench/rivals/nats-pair.js';
import { type StandingPair, StandingPairs } from '../bench/rivals/standing-pairs.js';
import type { TestNats } from '../support/nats.js';
import { Scratch } from '../support/scratch.js';

const SIZES = { requestBytes: 200, answerBytes: 200 };
const SHORT = { warmUpMs: 5, measureMs: 50 };

describe('the bench’s peers of a NATS server', () => {
  const scratch = new Scratch();
  let nats: TestNats;
  let target: Target;

  before(async () => {
    await makeDevelopmentPki(scratch.directory);
    nats = await startBroker(scratch.directory, undefined);
    const credential = (role: string) => ({
      cert: scratch.path(`${role}.cert.pem`),
      key: scratch.path(`${role}.key.pem`),
    });
    const tls = { ca: scratch.path('root.cert.pem'), asker: credential('manager'), answerer: credential('gateway') };
    target = { url: nats.url, tls };
  });

  after(async () => {
    await nats.remove();
    scratch.remove();
  });

  it('ask and answer, in turns and all at once, each pair by subjects of its own', async () => {
    const dial = await readTarget(target);
    const pairs: StandingPair[] = [];
    try {
      for (const meetup of ['one', 'two', 'three']) pairs.push(await openNatsPair(dial, meetup, SIZES));
      const standing = new StandingPairs(pairs);
      const watched = { service: nats.pid };
      for (const load of [() => standing.inTurns(SHORT, watched), () => standing.allAtOnce(SHORT, watched)]) {
        const { exchanges, latency } = await load();
        expect(exchanges).to.be.above(0);
        expect(latency.count).to.equal(exchanges);
      }
    } finally {
      for (const pair of pairs) pair.close();
    }
  });

  it('end with what the server refuses', async () => {
    const dial = await readTarget(target);
    const refused = NatsLink.open(planOf(dial, 'asker', 'x'), 'no..subject');
    expect(await refused.catch(String)).to.equal("Error: NATS: -ERR 'Invalid Subject'");
  });

  it('are not let in without a certificate', async () => {
    const dial = await readTarget(target);
    const plan = planOf(
      { ...dial, asker: createSecureContext({ ca: readFileSync(scratch.path('root.cert.pem')) }) },
      'asker',
      'x',
    );
    const refused = NatsLink.open(plan, 'x');
    expect(await refused.catch(String)).to.match(/certificate|alert|broke off/);
  });
});
