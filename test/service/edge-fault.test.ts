import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { expect } from 'chai';
import { UpgradeEdge } from '../../proxy/door/upgrade.js';
import { Door } from '../../proxy/policy/door.js';
import { AdmissionLimits } from '../../proxy/policy/limits/admission-limits.js';
import { anyOf } from '../../proxy/policy/lists/revocations.js';
import { anyVerified } from '../../proxy/policy/rules/any-verified.js';
import { systemClock } from '../../proxy/ports/system-clock.js';
import { ALWAYS_HERE } from '../../proxy/session/life/locator.js';
import { BOUNDS } from '../support/core.js';
import { coreOf } from '../support/core-parts.js';
import { Scratch } from '../support/scratch.js';
import { identityHeaders, refusedUpgrade } from '../support/service.js';

const PATH = '/micronets/v1/ws-proxy/a';

describe('edge: a fault of its own', () => {
  const scratch = new Scratch();
  const limits = new AdmissionLimits({ total: 9, connections: 1, connectsPerSecond: 1, connectBurst: 9, greetings: 9 });
  const refused: string[] = [];
  const faults: unknown[] = [];
  const rejections: unknown[] = [];
  let looks = 0;
  let server: Server;

  before(async () => {
    const door = new Door({ now: () => Date.now(), revocations: anyOf([]), policy: anyVerified });
    const edge = new UpgradeEdge({
      pathPrefix: '/micronets/v1/ws-proxy/',
      clock: systemClock,
      seats: coreOf({ clock: systemClock, bounds: BOUNDS }).registry,
      limits,
      locator: ALWAYS_HERE,
      door: {
        // The door judges once before the seat is contested and once after.
        judge: (identity, meetupId) => {
          looks += 1;
          if (looks % 2 === 0) throw new Error('broken check');
          return door.judge(identity, meetupId);
        },
      },
      accept: () => undefined,
      refused: ({ refusal: { label }, target }) => {
        if (target.endsWith('unseen')) throw new Error('broken observer');
        refused.push(label);
      },
      origins: () => true,
      fault: (error) => faults.push(error),
      maxConnections: 10,
    });
    server = createServer().on('upgrade', (request, raw, head) => {
      void edge.handle(request, raw as never, head).catch(() => rejections.push(request.url));
    });
    await once(server.listen(scratch.path('edge.sock')), 'listening');
  });
  after(async () => {
    await once(server.close(), 'close');
    scratch.remove();
  });

  it('is told as internal_error, counted, logged, and holds no room', async () => {
    for (const round of [1, 2]) {
      const { status, error } = await refusedUpgrade(scratch.path('edge.sock'), PATH, identityHeaders());
      expect([status, error.reason, error.retry]).to.deep.equal([500, 'internal_error', 'later']);
      expect(refused).to.have.length(round);
      expect(String(faults.at(-1))).to.equal('Error: broken check');
      expect(limits.connections('a'.repeat(64))).to.equal(0);
    }
    expect(rejections).to.deep.equal([]);
  });

  it('never rejects, even where what tells of the refusal is broken too: the connection is over', async () => {
    const before = faults.length;
    // Bytes written before may or may not arrive.
    await refusedUpgrade(scratch.path('edge.sock'), `${PATH}/unseen`, identityHeaders()).catch(String);
    expect(faults.slice(before).map(String)).to.deep.equal(['Error: broken check', 'Error: broken observer']);
    expect(rejections).to.deep.equal([]);
  });
});
