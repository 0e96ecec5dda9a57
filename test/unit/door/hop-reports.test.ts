import { expect } from 'chai';
import type { Candidate } from '../../../proxy/door/candidate.js';
import { Hops } from '../../../proxy/door/hop/hops.js';
import type { Owner } from '../../../proxy/session/life/locator.js';
import { HopCounts } from '../../../proxy/telemetry/metrics/hop-counts.js';
import { FakeClock } from '../../support/fake-clock.js';

const times = { dial: 1_000, answer: 2_500, placing: 4_000, linger: 2_000, quiet: 60_000 };
const candidate = { raw: { destroyed: false } } as Candidate;
const owners = ['a', 'b'].map((replica): Owner => {
  return { incarnation: `${replica}-1`, replica, address: `unix:/nowhere/${replica}` };
});

describe('hops that fail', () => {
  it('are told once in some seconds of each replica, however many newcomers alternate between them', async () => {
    const clock = new FakeClock();
    const told: string[] = [];
    const report = { answered: () => {}, failed: ({ replica }: Owner) => void told.push(replica) };
    const counts = new HopCounts();
    const hops = new Hops({ clock, times, incarnation: () => 'r-1', tls: () => undefined, counts, report });
    const tryAll = async (): Promise<void> => {
      for (const owner of owners) expect(await hops.handOn(candidate, owner, 4_000)).to.include({ fault: 'refused' });
    };
    for (let round = 0; round < 3; round += 1) await tryAll();
    expect(told).to.deep.equal(['a', 'b']);
    clock.advance(5_000);
    await tryAll();
    expect(told).to.deep.equal(['a', 'b', 'a', 'b']);
    const failed = new Map(counts.samples()).get('ws_proxy.hops.failed')?.map(({ value }) => value);
    expect(failed).to.include(8);
  });
});
