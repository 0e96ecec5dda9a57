import { expect } from 'chai';
import { runProgram } from '../support/program.js';

describe('ws-proxy log-level', function () {
  // Processes start.
  this.timeout(20_000);

  for (const words of [['usual'], ['debug', '--for', '10m']]) {
    it(`${words.join(' ')}: without a meetup it is one line and exit code 2`, async () => {
      const program = runProgram('log-level', ...words);
      expect(await program.ended).to.equal(2);
      const told = 'error: usual and --for are for one meetup: name it with --meetup';
      expect(program.lines('stderr')).to.deep.equal([told]);
    });
  }
});
