import { expect } from 'chai';
import fc from 'fast-check';
import { OUTCOMES } from '../../../proxy/wire/invocation.js';
import { request, response } from '../../support/pair.js';
import { type Scene, scene } from '../../support/scene.js';

describe('telemetry: invocations, whatever happens', () => {
  it('accounts for every request and response once, in any order of events, and leaves nothing behind', () => {
    const id = fc.integer({ min: 0, max: 4 });
    const step = fc.oneof(
      fc.record({ t: fc.constant('request' as const), id, forth: fc.boolean() }),
      fc.record({ t: fc.constant('response' as const), id, forth: fc.boolean() }),
      fc.record({ t: fc.constant('turn' as const) }),
      fc.record({ t: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 600 }) }),
      fc.record({ t: fc.constant('backlog' as const), bytes: fc.constantFrom(0, 100_000), forth: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const it = scene({ timeout: 1_000, maxPerSession: 4, max: 4 });
        for (const one of steps) {
          perform(it, one);
          expect(it.invocations.size).to.be.at.most(4);
        }
        it.pair.gateway.gone();
        it.turn();
        it.clock.advance(2_000);
        const requests = steps.filter(({ t }) => t === 'request').length;
        const responses = steps.filter(({ t }) => t === 'response').length;
        const total = OUTCOMES.reduce((sum, outcome) => sum + it.counts.outcomes[outcome], 0);
        const { orphan_response: orphans } = it.counts.outcomes;
        expect(total).to.equal(requests + orphans);
        expect(orphans).to.be.at.most(responses);
        expect(it.spans.spans.length).to.equal(total);
        expect(it.invocations.size).to.equal(0);
        expect(it.faults).to.deep.equal([]);
        expect(Object.values(it.counts.active).every((count) => count === 0)).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });
});

type Step =
  | { readonly t: 'request' | 'response'; readonly id: number; readonly forth: boolean }
  | { readonly t: 'backlog'; readonly bytes: number; readonly forth: boolean }
  | { readonly t: 'turn' }
  | { readonly t: 'wait'; readonly ms: number };

function perform(it: Scene, step: Step): void {
  const { manager, gateway } = it.pair;
  if (step.t === 'turn') it.turn();
  else if (step.t === 'wait') it.clock.advance(step.ms);
  else if (step.t === 'backlog') (step.forth ? gateway : manager).backlog = step.bytes;
  else (step.forth ? manager : gateway).receive(step.t === 'request' ? request(step.id) : response(step.id));
}
