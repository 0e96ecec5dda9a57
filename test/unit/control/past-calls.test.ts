import { expect } from 'chai';
import { pastCalls } from '../../../proxy/control/past/past-calls.js';
import { Slots } from '../../../proxy/control/rpc/slots.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('what happened, where nothing is remembered', () => {
  it('is a failure that says so, and no empty answer', () => {
    const { ListCalls } = pastCalls({ replica: 'r1', clock: new FakeClock() }, new Slots(1, 1));
    const ask = (): unknown => Reflect.apply(ListCalls, undefined, [{ meetup_id: '', limit: 0 }]);
    expect(ask).to.throw('--history-memory 0').with.property('reason', 'HISTORY_OFF');
  });
});
