import { expect } from 'chai';
import fc from 'fast-check';
import type { Role } from '../../../proxy/policy/rules/decision.js';
import { type Client, Core, EMPTY } from '../../support/core.js';
import * as model from '../../support/registry-model.js';
import { Attach, Depose } from '../../support/registry-placing.js';

/** Checks that the events of every life are whole: one beginning, one end, nothing after the end. */
function checkEvents(events: readonly string[], clients: readonly Client[]): void {
  for (const { name } of clients) {
    const life = events.filter((event) => event.split(' ')[1] === name).map((event) => event.split(' ')[0]);
    expect(life.join(' '), name).to.match(/^admitted (seated )?ended$/);
  }
  const opened = events.filter((event) => event.startsWith('seated') && event.endsWith('waiting')).length;
  expect(events.filter((event) => event.startsWith('finished')).length).to.equal(opened);
}

describe('registry, as a model', () => {
  it('[MEET-3, MEET-4, MEET-7, MEET-8, CLOSE-1, OBS-1] never three in a meetup, never two sessions for an id, and nothing left', () => {
    const at = fc.nat(20);
    const meetupId = fc.constantFrom(...model.MEETUPS);
    const role = fc.constantFrom<Role>('any', 'any', 'manager', 'gateway');
    const commands: fc.Arbitrary<model.Command>[] = [
      fc.tuple(meetupId, role, fc.nat(2)).map((given) => new model.Connect(...given)),
      fc.tuple(at, fc.boolean()).map(([who, odd]) => new model.Greet(who, odd || who % 2 === 0)),
      at.map((who) => new model.Greet(who, true)),
      at.map((who) => new model.Say(who)),
      fc
        .tuple(at, fc.constantFrom('leaves' as const, 'is kicked' as const, 'session is kicked' as const))
        .map((given) => new model.Leave(...given)),
      at.map((who) => new model.Die(who)),
      meetupId.map((id) => new model.Contest(id)),
      fc.boolean().map((may) => new Attach(may)),
      meetupId.map((id) => new Depose(id)),
      fc.constantFrom(1, 500, 2_000, 5_000, 25_000).map((ms) => new model.Tick(ms)),
    ];
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 60, size: 'max' }), (script) => {
        const core = new Core({ maxSessions: model.MAX_SESSIONS });
        const clients: Client[] = [];
        const empty: model.Model = { sitting: new Map(), greeting: new Set() };
        fc.modelRun(() => ({ model: empty, real: { core, clients } }), script);
        expect(core.leaks()).to.deep.equal(EMPTY);
        checkEvents(core.events, clients);
      }),
      { numRuns: 200 },
    );
  });
});
