import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { startEdge, type TestEdge } from '../support/envoy.js';
import { type Program, runProgram } from '../support/program.js';
import { Scratch } from '../support/scratch.js';
import { serve } from '../support/serve.js';
import { PREFIX } from '../support/stack.js';
import { CountingApi, SteadyLoad } from '../support/steady-load.js';

/** Calls a second, through all pairs together. */
const RATE = Number(process.env['RESTART_CALLS_PER_SECOND'] ?? 100);
const PAIRS = 4;
const RESTARTS = 2;
/** Answers before the first restart, between two and after the last. */
const CALLS_BETWEEN = RATE * 2;
const SLOWEST_MS = 100;

describe('a service that is restarted under load, behind the real Envoy', function () {
  // Restarts, and peers that come back after some seconds.
  this.timeout(180_000);
  const scratch = new Scratch();
  const programs: Program[] = [];
  let service: Program;
  let edge: TestEdge;
  let api: CountingApi;

  async function begin(): Promise<void> {
    service = serve({
      ...{ listen: `unix:${scratch.path('service.sock')}`, 'metrics-port': '0', policy: 'any-verified' },
      'log-format': 'json',
    });
    await service.line('stdout', /"ready"/);
  }

  before(async () => {
    await begin();
    edge = await startEdge({ serviceSocket: scratch.path('service.sock') });
    api = await CountingApi.start(SLOWEST_MS);
    writeFileSync(scratch.path('root.cert.pem'), edge.authority.certificate);
    const { certificate, key } = edge.authority.issue({ subject: [['2.5.4.10', 'peer']] });
    writeFileSync(scratch.path('peer.pkeycert.pem'), key + certificate);
  });

  after(async () => {
    await Promise.all(programs.map((program) => program.stop('SIGKILL')));
    api.stop();
    await edge.stop();
    await service.stop('SIGKILL');
    scratch.remove();
  });

  function peer(command: string, meetup: number, ...args: readonly string[]): Program {
    const url = `wss://localhost:${edge.ports.peers}${PREFIX}sub/${meetup}`;
    const files = ['--cert', scratch.path('peer.pkeycert.pem'), '--ca', scratch.path('root.cert.pem')];
    const program = runProgram('peer', command, '--url', url, ...files, ...args);
    programs.push(program);
    return program;
  }

  async function pair(meetup: number): Promise<string> {
    peer('gateway', meetup, '--upstream', api.url, '--concurrency', '1024');
    const line = await peer('bridge', meetup, '--listen', '0', '--max-in-flight', '4096').line('stdout', /^paired /);
    return /http=(\S+)/.exec(line)?.[1] ?? '';
  }

  it('[CLOSE-9] no call fails and none is carried out twice', async () => {
    const urls = await Promise.all(Array.from({ length: PAIRS }, (_, at) => pair(at)));
    const loads = urls.map((url, at) => new SteadyLoad(`${url}/pair-${at}`, RATE / PAIRS));
    const answered = (): number => loads.reduce((sum, load) => sum + load.calls.length, 0);
    for (let turn = 0; turn < RESTARTS; turn += 1) {
      await until(() => answered() >= (turn + 1) * CALLS_BETWEEN);
      expect(await service.stop('SIGTERM')).to.equal(0);
      await begin();
    }
    await until(() => answered() >= (RESTARTS + 1) * CALLS_BETWEEN);
    const calls = (await Promise.all(loads.map((load) => load.stop()))).flat();
    const longest = Math.max(...calls.map(({ time }) => time));
    console.log(`      ${calls.length} calls at ${RATE} a second, longest wait ${(longest / 1000).toFixed(1)} s`);
    expect(tally(calls.map(({ outcome }) => outcome))).to.deep.equal({ 200: calls.length });
    expect([...api.asked].filter(([, times]) => times !== 1)).to.deep.equal([]);
  });
});

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 20));
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
