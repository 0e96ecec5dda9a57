import { expect } from 'chai';
import { Command } from 'commander';
import fc from 'fast-check';
import { type Costs, measuredCosts, readCosts } from '../../../bench/costs.js';
import { type Demand, sizeFor } from '../../../bench/size.js';
import { register } from '../../../bench/size-command.js';
import { sizeJson, sizeText } from '../../../bench/size-text.js';
import { MAX_REPLICAS } from '../../../envoy/replica.js';
import { options } from '../../../proxy/config/options.js';
import { Scratch } from '../../support/scratch.js';

/** Round figures, to compute by hand. */
const round: Costs = {
  source: 'paper',
  service: { messageUs: 20, bunchedMessageUs: 2, kibUs: 1, setUpMs: 2, idleUs: 10, sessionKib: 10, baseMib: 100 },
  envoy: { messageUs: 10, bunchedMessageUs: 2, kibUs: 2, setUpMs: 4, idleUs: 10, sessionKib: 100, baseMib: 50 },
};
const plain: Demand = { pairs: 10_000, rate: 1, bodyBytes: 200, lifeMs: 3_600_000, headroom: 0.5 };

/** Of all of these together with what is added below, the largest takes less than 500 replicas. */
const demands = fc.record({
  pairs: fc.integer({ min: 1, max: 50_000 }),
  rate: fc.double({ min: 0, max: 2, noNaN: true }),
  bodyBytes: fc.integer({ min: 0, max: 100_000 }),
  lifeMs: fc.integer({ min: 60_000, max: 86_400_000 }),
  headroom: fc.double({ min: 0, max: 0.9, noNaN: true }),
});

describe('the size of a deployment', () => {
  it('is what its formula says', () => {
    const { messages, setUps, service, envoy, backSeconds } = sizeFor(plain, round);
    expect([messages, setUps]).to.deep.equal([20_000, 10_000 / 3_600]);
    // 20,000 × 20 µs, 2.78 × 2 ms, 10,000 × 10 µs.
    expect(service.busy).to.be.closeTo(0.4 + 0.00556 + 0.1, 1e-4);
    expect(service.cores).to.equal(2);
    // 20 s of set-ups on what the load leaves of two cores.
    expect(service.setUpSeconds).to.be.closeTo(20 / (2 - service.busy), 1e-6);
    expect(envoy.busy).to.be.closeTo(0.2 + 0.0111 + 0.1, 1e-4);
    expect(envoy.cores).to.equal(1);
    expect(backSeconds).to.be.closeTo(8 + 40 / (1 - envoy.busy), 1e-6);
  });

  it('counts what of a body is above the measured length', () => {
    const longer = sizeFor({ ...plain, bodyBytes: 200 + 10 * 1024 }, round);
    expect(longer.service.busy - sizeFor(plain, round).service.busy).to.be.closeTo(20_000 * 10e-6, 1e-9);
    expect(sizeFor({ ...plain, bodyBytes: 0 }, round).service).to.deep.equal(sizeFor(plain, round).service);
  });

  it('never shrinks when pairs, rate, bodies or headroom grow', () => {
    const more = fc.record({
      pairs: fc.integer({ min: 0, max: 10_000 }),
      rate: fc.double({ min: 0, max: 1, noNaN: true }),
      bodyBytes: fc.integer({ min: 0, max: 10_000 }),
      headroom: fc.double({ min: 0, max: 0.9, noNaN: true }),
    });
    fc.assert(
      fc.property(demands, more, (demand, by) => {
        const larger = {
          ...demand,
          pairs: demand.pairs + by.pairs,
          rate: demand.rate + by.rate,
          bodyBytes: demand.bodyBytes + by.bodyBytes,
          headroom: Math.max(demand.headroom, by.headroom),
        };
        const [small, large] = [sizeFor(demand, round), sizeFor(larger, round)];
        expect(large.replicasNeeded).to.be.at.least(small.replicasNeeded);
        for (const part of ['service', 'envoy'] as const) {
          expect(large[part].busy).to.be.at.least(small[part].busy);
          expect(large[part].cores).to.be.at.least(small[part].cores);
        }
        expect(large.memory.replica * large.service.cores).to.be.at.least(small.memory.replica * small.service.cores);
        expect(large.memory.envoy).to.be.at.least(small.memory.envoy);
        expect(large.limits.envoy['--max-connections']).to.be.at.least(small.limits.envoy['--max-connections'] ?? 0);
      }),
    );
  });

  it('has no replica too many and none too few, and all are back in the time that was given', () => {
    fc.assert(
      fc.property(demands, fc.integer({ min: 60_000, max: 600_000 }), (demand, reconnectMs) => {
        const asked = { ...demand, reconnectMs };
        const size = sizeFor(asked, round);
        const { replicasNeeded } = size;
        expect(size.service.busy / replicasNeeded).to.be.at.most(1 - demand.headroom + 1e-9);
        expect(size.backSeconds * 1000).to.be.at.most(reconnectMs + 1e-3);
        if (replicasNeeded === 1) return;
        const fewer = sizeFor({ ...asked, replicas: replicasNeeded - 1 }, round);
        const isShort = fewer.service.busy / (replicasNeeded - 1) > 1 - demand.headroom - 1e-9;
        const isLate = (8 + fewer.service.setUpSeconds) * 1000 > reconnectMs - 1e-3;
        expect(isShort || isLate).to.equal(true);
      }),
    );
  });

  it('has limits that serve and envoy render take, and that leave room for the load of a replica that is away', () => {
    fc.assert(
      fc.property(
        demands,
        fc.option(fc.integer({ min: 2, max: MAX_REPLICAS }), { nil: undefined }),
        (demand, replicas) => {
          const { limits, service } = sizeFor({ ...demand, ...(replicas === undefined ? {} : { replicas }) }, round);
          const { serve, envoy } = limits;
          const share = demand.pairs / Math.max(1, service.cores - 1);
          expect((serve['--max-sessions'] ?? 0) * 0.9).to.be.at.least(Math.min(share, 900_000));
          expect(serve['--max-connections']).to.be.at.most(options.maxConnections.max);
          expect(serve['--max-connections']).to.be.at.least((serve['--max-sessions'] ?? 0) * 1.5);
          expect(envoy['--max-connections']).to.be.at.least(2 * demand.pairs);
          expect(limits.openFiles.replica).to.equal((serve['--max-connections'] ?? 0) + 256);
        },
      ),
    );
  });

  it('allows long messages where bodies are long', () => {
    const of = (bodyBytes: number): number | undefined =>
      sizeFor({ ...plain, bodyBytes }, round).limits.serve['--max-message-bytes'];
    expect([of(200), of(3 * 2 ** 20), of(4 * 2 ** 20)]).to.deep.equal([undefined, undefined, 5 * 2 ** 20]);
  });

  it('has room for all in one Envoy, however many they are', () => {
    const { limits } = sizeFor({ ...plain, pairs: 3_000_000, rate: 0.001 }, round);
    expect(limits.envoy['--max-connections']).to.be.within(6_000_000, 9_999_999);
  });

  it('is refused in a line where one Envoy cannot have so many replicas', () => {
    expect(() => sizeFor({ ...plain, pairs: 10_000_000, rate: 1_000 }, round)).to.throw(
      /^this takes \d+ replicas, and one Envoy takes 500 at most: share the pairs among several fleets$/,
    );
  });
});

describe('ws-proxy size', () => {
  async function size(...args: string[]): Promise<{ readonly out: string; readonly code: number }> {
    const program = new Command('ws-proxy').exitOverride();
    let out = '';
    register(program, {
      ...silent,
      out: (text) => {
        out += text;
      },
    });
    for (const one of program.commands) one.exitOverride().configureOutput({ writeErr: () => {} });
    await program.parseAsync(['size', ...args], { from: 'user' });
    const code = Number(process.exitCode ?? 0);
    process.exitCode = 0;
    return { out, code };
  }

  it('prints cores, memory, replicas, limits, the return and the formula', async () => {
    const { out, code } = await size('--pairs', '20000', '--rate', '0.5');
    expect(code).to.equal(0);
    for (const part of [
      'busy cores',
      'memory',
      'replicas of one core',
      '--max-sessions 23000',
      'open files',
      'After an outage',
      'messages/s = pairs × rate × 2',
    ])
      expect(out).to.include(part);
    expect(out.split('\n').filter((line) => line.length > 120)).to.deep.equal([]);
  });

  it('says in JSON the same', async () => {
    const { out } = await size('--pairs', '20000', '--rate', '.5', '--reconnect-in', '1m', '-o', 'json');
    const said = JSON.parse(out);
    const demand = { ...plain, pairs: 20_000, rate: 0.5, reconnectMs: 60_000 };
    expect(said).to.deep.equal(JSON.parse(JSON.stringify(sizeJson(sizeFor(demand, measuredCosts)))));
    expect(said.all_back_seconds).to.be.at.most(60);
  });

  it('ends with 1, and says what it takes, where the replicas that were given are too few', async () => {
    const { out, code } = await size('--pairs', '100000', '--rate', '1', '--replicas', '1');
    expect(code).to.equal(1);
    expect(out)
      .to.match(/TOO FEW: 1 replica; this load takes \d+\./)
      .and.include('After an outage they never all come back: the load leaves no time for set-ups.');
  });

  it('refuses what is no quantity in one line', async () => {
    const cases: readonly (readonly [args: readonly string[], fault: RegExp])[] = [
      [['--pairs', '0', '--rate', '1'], /It is not a whole number from 1 to 3000000\./],
      [['--pairs', '1', '--rate', '-1'], /a number of calls a second from 0 to 10000, such as 0\.5\./],
      [['--pairs', '1', '--rate', '1e3'], /a number of calls a second/],
      [['--pairs', '1', '--rate', '1', '--headroom', '0.95'], /a number from 0 to 0\.9, such as 0\.5\./],
      [['--pairs', '1', '--rate', '1', '--reconnect-in', '8s'], /It is not a duration from 10s to 24h\./],
      [['--pairs', '1', '--rate', '1', '--replicas', '501'], /from 1 to 500/],
      [['--pairs', '1'], /required option '--rate <calls>'/],
    ];
    for (const [args, fault] of cases) {
      const why = await size(...args).then(
        () => '',
        (error: Error) => error.message,
      );
      expect(why).to.match(fault);
    }
  });
});

describe('a file of costs', () => {
  const scratch = new Scratch();
  after(() => scratch.remove());
  const faultOf = (text: string): string => {
    scratch.write('costs.json', text);
    try {
      readCosts(scratch.path('costs.json'));
      return '';
    } catch (error) {
      return (error as Error).message.replace(scratch.directory, '');
    }
  };

  it('is read as the bench writes it', () => {
    scratch.write('costs.json', `${JSON.stringify(round, null, 2)}\n`);
    expect(readCosts(scratch.path('costs.json'))).to.deep.equal(round);
  });

  it('is refused with its place where it is something else', () => {
    const fine = JSON.stringify(round);
    expect(faultOf('{')).to.match(/^\/costs\.json: .*take what "npm run bench -- capacity" writes \(--costs\)$/);
    expect(faultOf(fine.replace('"setUpMs":2', '"setUpMs":0'))).to.match(/^\/costs\.json: service\.setUpMs: /);
    expect(faultOf(fine.replace('"idleUs":10,', ''))).to.match(/^\/costs\.json: service\.idleUs: /);
    expect(faultOf(fine.replace('"source"', '"more":1,"source"'))).to.match(/more/);
    expect(() => readCosts('/nowhere/costs.json')).to.throw(
      '/nowhere/costs.json: no such file; check the path (--costs)',
    );
  });

  it('shows nothing to a terminal but text', () => {
    expect(sizeText(sizeFor(plain, { ...round, source: 'a\u001b[31mb' }))).to.not.include('\u001b');
  });
});

const silent = {
  note: () => {},
  columns: undefined,
  rows: 24,
  environment: {},
};
