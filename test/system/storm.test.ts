import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import { PREFIX, useStack } from '../support/stack.js';
import { type StormPlan, storm } from '../support/storm.js';

const PAIRS = 600;
const PEERS = 2 * PAIRS;
/** The bound of connections; more peers dial. */
const MAX_CONNECTIONS = 400;
/** Peers of one certificate, few enough that only the limit of all connections applies. */
const HELD_BY_EACH = 3;
/** Milliseconds for one storm of handshakes on a busy machine. */
const STORM_MS = 60_000;
const backlogLimit = Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));

describe('a storm: a fleet dials at once', () => {
  describe('below every limit', () => {
    const stack = useStack(() => ({ flags: { 'wait-timeout': '30s', 'hello-timeout': '30s' } }));

    it('nobody is refused, though the service takes nobody until all of them wait', async function () {
      this.timeout(STORM_MS);
      // The system itself would turn the peers away, and the service warns of it at its start.
      if (backlogLimit < PEERS) this.skip();
      stack().service.signal('SIGSTOP');
      const fared = storm(planOf(stack(), 3));
      try {
        await waitFor('not all of them reached the service', STORM_MS, new AbortController().signal, async () =>
          (await stack().edge.stat('cluster.rendezvous.upstream_cx_total')) >= PEERS ? true : undefined,
        );
      } finally {
        stack().service.signal('SIGCONT');
      }
      expect(await fared).to.deep.equal({ paired: PEERS });
    });
  });

  describe('above the limit of connections', () => {
    const stack = useStack(() => ({
      flags: { 'max-connections': String(MAX_CONNECTIONS), 'wait-timeout': '5s', 'hello-timeout': '30s' },
    }));

    it('who is too much is told server_full, and nobody anything else', async function () {
      this.timeout(STORM_MS);
      const plan = planOf(stack(), PEERS / HELD_BY_EACH);
      const { paired = 0, server_full = 0, 'closed 4404': alone = 0, ...others } = await storm(plan);
      expect(others).to.deep.equal({});
      expect(server_full).to.be.at.least(PEERS - MAX_CONNECTIONS);
      expect(paired + alone).to.equal(PEERS - server_full);
    });
  });
});

function planOf(stack: ReturnType<ReturnType<typeof useStack>>, certificates: number): StormPlan {
  const credentials = Array.from({ length: certificates }, (_, at) => stack.issue(`fleet ${at}`));
  return { url: `wss://localhost:${stack.port}${PREFIX}`, ca: stack.ca, pairs: PAIRS, credentials };
}
