import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Scratch } from '../support/scratch.js';
import { RESPONSE, TerminalRun } from '../support/terminal-run.js';

/** The races that these tests guard against failed every second time. */
const ROUNDS = 5;
const LONG_DRAIN = { WS_PROXY_DRAIN_DEADLINE: '60s' };

type Stop = (run: TerminalRun) => void;

const stops: readonly (readonly [what: string, stop: Stop, code: number])[] = [
  ['^C', (run) => run.pressCtrlC(), 0],
  ['the end of the terminal', (run) => run.hangUp(), 129],
  ['SIGTERM to the group', (run) => run.terminateGroup(), 0],
];

describe('npm start in a terminal', function () {
  this.timeout(60_000);
  const runs: TerminalRun[] = [];

  afterEach(() => Promise.all(runs.splice(0).map((run) => run.clean())));

  function start(env: Readonly<Record<string, string>> = {}): TerminalRun {
    const run = new TerminalRun(env);
    runs.push(run);
    return run;
  }

  /** All rounds run at once, since runs must not disturb each other. */
  function rounds(round: () => Promise<void>): Promise<unknown> {
    return Promise.all(Array.from({ length: ROUNDS }, round));
  }

  for (const [what, stop, code] of stops) {
    it(`[CLOSE-4] on ${what} the call in flight is answered, the peers are told, and nothing stays, ${ROUNDS} times`, () =>
      rounds(async () => {
        const run = start(LONG_DRAIN);
        const call = await run.call();
        stop(run);
        await run.drains(call);
        call.gateway.send(RESPONSE);
        expect(await call.manager.next()).to.equal(RESPONSE);
        const closed = await Promise.all([call.manager.closed, call.gateway.closed]);
        expect(closed.map((one) => one.code)).to.deep.equal([1012, 1012]);
        expect(await run.ended).to.equal(code);
        await run.noneLeft();
      }));
  }

  it(`ends everything when its supervisor is killed, ${ROUNDS} times`, () =>
    rounds(async () => {
      const run = start();
      await run.line(/^ready /);
      run.killSupervisor();
      expect(await run.ended).to.equal(137);
      await run.noneLeft();
    }));

  it('ends everything when the npm that runs it is killed', async () => {
    const run = start();
    await run.line(/^ready /);
    run.killNpm();
    await run.noneLeft();
  });

  it('takes a second ^C, later than a second, for impatience', async () => {
    const run = start(LONG_DRAIN);
    await run.call();
    run.pressCtrlC();
    // The message comes after one second.
    await run.line(/waiting for calls in flight, \d+ s at most: \^C again ends them/);
    run.pressCtrlC();
    expect(await run.ended).to.equal(130);
    await run.noneLeft();
  });

  describe('before it is ready', () => {
    const early: typeof stops = [
      ...stops,
      ['^C, and again, and again', (run) => run.pressCtrlC(3), 0],
      ['SIGKILL of its supervisor', (run) => run.killSupervisor(), 137],
    ];
    let scratch: Scratch;

    beforeEach(() => {
      scratch = new Scratch();
    });
    afterEach(() => scratch.remove());

    for (const [what, stop, code] of early) {
      it(`ends its set-up and all that it runs on ${what}`, async () => {
        // This Envoy never says its version, so the set-up waits for it.
        const silent = join(scratch.directory, 'envoy');
        writeFileSync(silent, '#!/bin/sh\nsleep 1000\n');
        chmodSync(silent, 0o755);
        const run = start({ ENVOY_BIN: silent });
        await run.process(({ command }) => command === 'sleep 1000');
        stop(run);
        expect(await run.ended).to.equal(code);
        await run.noneLeft();
      });

      it(`ends parts that have just started on ${what}`, async () => {
        const run = start();
        await run.process(({ file, command }) => file === 'envoy' && command.includes('envoy.yaml'));
        stop(run);
        expect(await run.ended).to.equal(code);
        await run.noneLeft();
      });
    }
  });
});
