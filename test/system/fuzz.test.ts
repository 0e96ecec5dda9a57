import { expect } from 'chai';
import { runFuzz } from '../fuzz/run-fuzz.js';

/** Seconds of generated inputs, for all targets together; `npm run verify` takes longer, `npm run fuzz` as long as it is told. */
const SECONDS = 12;

describe('fuzzing, a short run', function () {
  this.timeout(SECONDS * 8_000);

  it('finds nothing in what reads what others write, nor in what was found before', async () => {
    const { code, output } = await runFuzz(SECONDS);
    expect(code, output).to.equal(0);
  });
});
