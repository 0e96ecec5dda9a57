import { expect } from 'chai';
import { runFuzz } from '../fuzz/run-fuzz.js';

/** Seconds of generated inputs, for all targets together. */
const SECONDS = 50;

describe('fuzzing, a longer run', function () {
  this.timeout(SECONDS * 4_000);

  it('finds nothing in what reads what others write', async () => {
    const { code, output } = await runFuzz(SECONDS);
    expect(code, output).to.equal(0);
  });
});
