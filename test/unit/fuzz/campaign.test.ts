import { expect } from 'chai';
import { campaign, replay } from '../../fuzz/campaign.js';
import { Coverage } from '../../fuzz/coverage.js';
import { broken, parser, type Target } from '../../fuzz/target.js';
import { Scratch } from '../../support/scratch.js';

/** A fault that is found by chance once in 2^24 inputs, and step by step soon. */
const planted = parser('planted', [], (input) => {
  if (input[0] !== 0x66) return;
  if (input[1] !== 0x75) return;
  if (input[2] !== 0x21) return;
  broken('the planted fault');
});
const OWN_CODE = /unit\/fuzz\/campaign\.test\.js/;

/** More inputs than the way there has steps. */
const MAX_KEPT = 8;

/** Milliseconds that may pass until a fault is found; a fraction is enough. */
const FIND_MS = 60_000;

describe('fuzzing', function () {
  this.timeout(FIND_MS + 10_000);
  const scratch = new Scratch();
  const kept = scratch.directory;
  after(() => scratch.remove());

  async function run(target: Target, time: number) {
    const coverage = new Coverage(OWN_CODE);
    try {
      return await campaign(target, { time, seed: 1, kept }, coverage);
    } finally {
      coverage.close();
    }
  }

  it('goes step by step to what lies behind conditions, keeps the way there, and the input that fails', async () => {
    const { failure, grown } = await run(planted, FIND_MS);
    expect(failure?.error).to.have.property('message', 'the planted fault');
    expect(grown).to.be.greaterThan(0);
    const again = await replay(planted, Buffer.from('fu!'), kept);
    expect(again?.error).to.have.property('message', 'the planted fault');
  });

  it('begins the next time with what it kept', async () => {
    const seen: Buffer[] = [];
    const { failure } = await run(
      parser('planted', [], (input) => void seen.push(input)),
      1_000,
    );
    expect(failure).to.equal(undefined);
    const first = seen.slice(0, MAX_KEPT).map(([byte]) => byte);
    expect(first, 'the first step on the way').to.include(0x66);
  });

  for (const [what, fault] of [
    ['a rejection that nobody handles', () => void Promise.reject(new Error('lost'))],
    ['an exception in a timer', () => setTimeout(() => broken('lost'), 1)],
  ] as const) {
    it(`${what} is a failure`, async () => {
      const listeners = process.rawListeners('uncaughtException');
      const rejections = process.rawListeners('unhandledRejection');
      process.removeAllListeners('uncaughtException').removeAllListeners('unhandledRejection');
      const lost: Target = {
        name: 'lost',
        maxBytes: 1,
        words: [],
        open: () => ({
          run: async () => {
            fault();
            await new Promise((resolve) => setTimeout(resolve, 5));
          },
        }),
      };
      const failure = await replay(lost, Buffer.alloc(1), kept);
      for (const one of listeners) process.on('uncaughtException', one as () => void);
      for (const one of rejections) process.on('unhandledRejection', one as () => void);
      expect(failure?.error).to.have.property('message', 'lost');
    });
  }
});
