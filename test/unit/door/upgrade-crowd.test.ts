import type { Socket as RawSocket } from 'node:net';
import { expect } from 'chai';
import { UpgradeEdge } from '../../../proxy/door/upgrade.js';
import { AdmissionLimits } from '../../../proxy/policy/limits/admission-limits.js';
import { LEISURE_MS } from '../../../proxy/ports/leisure.js';
import type { Locator } from '../../../proxy/session/life/locator.js';
import type { Seats } from '../../../proxy/session/life/seats.js';
import { burn, TurnCount } from '../../support/event-loop.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeRaw, requestWith } from '../../support/placed-upgrade.js';

const CROWD = 10;

describe('upgrades that come at once', () => {
  it('are decided a little in each turn of the event loop; who gave up meanwhile is not decided at all', async () => {
    const count = new TurnCount();
    const decidedIn: number[] = [];
    const edge = new UpgradeEdge({
      clock: new FakeClock(),
      // Nobody comes as far as to these.
      seats: {} as Seats,
      locator: {} as Locator,
      accept: () => undefined,
      door: { judge: () => ({ label: 'policy_denied', detail: '' }) },
      limits: new AdmissionLimits({
        ...{ total: 99, connections: 99, connectsPerSecond: 99, connectBurst: 99, greetings: 99 },
      }),
      refused: () => {
        decidedIn.push(count.turns);
        burn(LEISURE_MS);
      },
      origins: () => true,
      fault: (error) => expect.fail(String(error)),
      pathPrefix: '/p/',
      maxConnections: 99,
    });
    const raws = Array.from({ length: CROWD }, () => new FakeRaw());
    const all = raws.map((raw) => edge.handle(requestWith({}), raw as unknown as RawSocket, Buffer.alloc(0)));
    expect([edge.open, decidedIn]).to.deep.equal([CROWD, []]);
    raws.at(-1)?.destroy();
    await Promise.all(all);
    count.stop();
    expect(decidedIn).to.have.length(CROWD - 1);
    expect(new Set(decidedIn).size).to.equal(CROWD - 1);
  });
});
