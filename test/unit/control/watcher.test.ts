import { expect } from 'chai';
import fc from 'fast-check';
import type { FakeSocket } from '../../support/fake-socket.js';
import { WatchModel } from '../../support/watch-model.js';

const meetup = fc.constantFrom('sub/1', 'sub/10', 'sub/2', 'gw/3');
const filter = fc.constantFrom('', 'state = PAIRED', 'meetup_id = "sub/1*"');

type Step = (model: WatchModel) => void;
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: meetup.map(
      (id): Step =>
        (model) =>
          model.join(id),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(99).map(
      (n): Step =>
        (model) =>
          void model.peer(n)?.socket.terminate(),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat(99).map(
      (n): Step =>
        (model) =>
          void (model.peer(n)?.socket as FakeSocket)?.gone(),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(99).map(
      (n): Step =>
        (model) =>
          void model.peer(n)?.end('kicked', 'test'),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(99).map(
      (n): Step =>
        (model) => {
          const session = model.peer(n)?.session;
          if (session !== undefined)
            model.core.steering.end({ t: 'session', uid: session.uid }, { label: 'kicked', detail: 'test' });
        },
    ),
  },
  {
    weight: 1,
    arbitrary: filter.map(
      (text): Step =>
        (model) =>
          model.watch(text),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(9), fc.nat(5)).map(
      ([n, count]): Step =>
        (model) =>
          model.watchers[n]?.take(count),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(9).map(
      (n): Step =>
        (model) =>
          model.watchers[n]?.resume(),
    ),
  },
);

/** A view as text: comparing thousands of maps deeply takes seconds. */
function told(view: ReadonlyMap<string, string>): string {
  return [...view].sort().join('\n');
}

describe('watcher', () => {
  it('gives every watcher that has caught up the truth, after any joins, leaves and kicks', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        const model = new WatchModel();
        for (const text of ['', 'state = PAIRED', 'meetup_id = "sub/1*"']) model.watch(text);
        for (const one of steps) {
          one(model);
          for (const watching of model.watchers.slice(0, 3)) {
            watching.take(Number.MAX_SAFE_INTEGER);
            expect(told(watching.view)).to.equal(told(model.truth(watching.filterText)));
          }
        }
        for (const watching of model.watchers) {
          watching.take(Number.MAX_SAFE_INTEGER);
          expect(watching.hasSnapshot).to.equal(true);
          expect(told(watching.view)).to.equal(told(model.truth(watching.filterText)));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('tells one that the log has left behind to start over, and keeps no more than the log holds', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 40, maxLength: 150, size: 'max' }), (steps) => {
        const model = new WatchModel(8);
        model.watch('');
        for (const one of steps) one(model);
        for (const watching of model.watchers) {
          watching.take(Number.MAX_SAFE_INTEGER);
          expect(told(watching.view)).to.equal(told(model.truth(watching.filterText)));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('shows a snapshot as of its moment, however late it is taken', () => {
    const model = new WatchModel();
    model.join('sub/1');
    model.watch('');
    model.join('sub/1');
    const [watching] = model.watchers;
    watching?.take(1);
    expect([...(watching?.view.values() ?? [])]).to.deep.equal(['waiting']);
    watching?.take(9);
    expect([...(watching?.view.values() ?? [])]).to.deep.equal(['paired']);
  });

  it('is of those too who were there before anything of the control API was', () => {
    const model = new WatchModel();
    model.join('sub/1');
    model.startFeed();
    model.watch('');
    model.join('sub/1');
    const [watching] = model.watchers;
    watching?.take(1);
    expect([...(watching?.view.values() ?? [])]).to.deep.equal(['waiting']);
    watching?.take(9);
    expect([...(watching?.view.values() ?? [])]).to.deep.equal(['paired']);
  });
});
