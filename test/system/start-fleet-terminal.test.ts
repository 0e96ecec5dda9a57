import { expect } from 'chai';
import { TerminalRun } from '../support/terminal-run.js';

describe('npm run start:fleet in a terminal', function () {
  this.timeout(120_000);
  let run: TerminalRun;

  afterEach(() => run.clean());

  const stops: readonly (readonly [what: string, stop: (run: TerminalRun) => void, code: number])[] = [
    ['^C', () => run.pressCtrlC(), 0],
    ['the end of the terminal', () => run.hangUp(), 129],
    ['SIGKILL of its supervisor', () => run.killSupervisor(), 137],
  ];
  for (const [what, stop, code] of stops) {
    it(`ends all on ${what}`, async () => {
      run = new TerminalRun({}, 'start:fleet');
      await run.line(/^ready /);
      stop(run);
      expect(await run.ended).to.equal(code);
      await run.noneLeft();
    });

    it(`ends what has started on ${what} before it is ready`, async () => {
      run = new TerminalRun({}, 'start:fleet');
      await run.process(({ command }) => command.includes('replica-2'));
      stop(run);
      expect(await run.ended).to.equal(code);
      await run.noneLeft();
    });
  }
});
