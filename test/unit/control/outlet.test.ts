import { EventEmitter } from 'node:events';
import { status as Code } from '@grpc/grpc-js';
import { expect } from 'chai';
import { Outlet } from '../../../proxy/control/rpc/outlet.js';
import { FakeClock } from '../../support/fake-clock.js';

/** A call whose client takes messages when it is told to. */
class Call extends EventEmitter {
  readonly written: number[] = [];
  takes = true;
  ended = false;
  status: { code: Code } | undefined;

  constructor() {
    super();
    this.on('error', (status: { code: Code }) => {
      this.status = status;
    });
  }

  write(message: number): boolean {
    this.written.push(message);
    return this.takes;
  }

  end(): this {
    this.ended = true;
    return this;
  }

  sendMetadata(): void {}
}

const TERMS = { stallTime: 30_000, recheckInterval: 1000 };
/** The defects that were reported. */
let defects: unknown[] = [];

describe('outlet', () => {
  let clock: FakeClock;
  let call: Call;
  let undone: string[];
  let recheck: () => void;
  let outlet: Outlet<number>;
  beforeEach(() => {
    clock = new FakeClock();
    call = new Call();
    undone = [];
    defects = [];
    recheck = () => {};
    outlet = new Outlet<number>(call as never, { ...TERMS, clock, defect: (error) => defects.push(error) }, () =>
      recheck(),
    );
    outlet.onceStopped(() => undone.push('stopped'));
    outlet.onceGone(() => undone.push('gone'));
  });
  afterEach(() => expect(clock.timers, 'timers left').to.equal(0));

  it('is not ready while the client takes nothing, and ends it after the stall time', () => {
    call.takes = false;
    outlet.write(1);
    expect(outlet.ready).to.equal(false);
    clock.advance(TERMS.stallTime - 1);
    expect(call.status).to.equal(undefined);
    clock.advance(1);
    expect(call.status?.code).to.equal(Code.ABORTED);
    expect(undone).to.deep.equal(['stopped']);
    call.emit('finish');
    expect(undone).to.deep.equal(['stopped', 'gone']);
  });

  it('goes on when the client has taken what waited', () => {
    outlet.onReady = () => outlet.write(2);
    call.takes = false;
    outlet.write(1);
    call.takes = true;
    call.emit('drain');
    expect(call.written).to.deep.equal([1, 2]);
    expect(outlet.ready).to.equal(true);
    outlet.end();
    expect(call.ended).to.equal(true);
  });

  it('undoes everything once when the client goes', () => {
    call.emit('cancelled');
    call.emit('finish');
    outlet.end();
    outlet.fail(new Error('late'));
    outlet.write(1);
    expect(undone).to.deep.equal(['stopped', 'gone']);
    expect([call.written, call.ended, call.status]).to.deep.equal([[], false, undefined]);
  });

  it('undoes at once what comes too late', () => {
    outlet.end();
    outlet.onceStopped(() => undone.push('late'));
    expect(undone).to.deep.equal(['stopped', 'late']);
  });

  it('ends a caller that may not see this any more', () => {
    recheck = () => {
      throw new Error('no right');
    };
    clock.advance(TERMS.recheckInterval);
    expect(call.status?.code).to.equal(Code.INTERNAL);
    expect(defects).to.have.length(1);
  });
});
