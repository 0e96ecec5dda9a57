import { status as Code, Metadata, type ServiceError } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { FleetParts } from '../../../../proxy/control/fleet/fleet-parts.js';
import { fleetSessionCalls } from '../../../../proxy/control/fleet/fleet-sessions.js';
import type { Replica } from '../../../../proxy/control/fleet/replica.js';
import { FleetTail } from '../../../../proxy/control/fleet-past/fleet-tail.js';
import { ofAll } from '../../../../proxy/control/fleet-past/of-all.js';
import { badField, Fault } from '../../../../proxy/control/rpc/fault.js';
import type { ControlCalls } from '../../../../proxy/control/rpc/handlers.js';
import { FakeClock } from '../../../support/fake-clock.js';

type Answers = Readonly<Record<string, (request: never) => unknown>>;

/** What a replica says to a question with a field that it does not know. */
const UNKNOWN = Object.assign(
  new Error('unknown'),
  badField('order_by', 'there is no such key').toStatus(),
) as ServiceError;

function replica(name: string, isSelf: boolean, answers: Answers): Replica {
  const ask = async (method: string, request: never): Promise<unknown> => {
    const answer = answers[method];
    if (answer === undefined) throw UNKNOWN;
    return answer(request);
  };
  return {
    name,
    incarnation: name,
    isSelf,
    ask: ask as Replica['ask'],
    open: () => expect.fail('no stream is asked for'),
  };
}

/** A replica of this version, which asks, and one that knows fewer fields. */
function parts(own: Answers): FleetParts {
  const replicas = [replica('this', true, own), replica('older', false, {})];
  const roster = async () => ({ replicas, unasked: [] });
  const calls = Object.fromEntries(
    Object.entries(own).map(([method, answer]) => [method, async (request: never) => answer(request)]),
  );
  return {
    own: calls as unknown as ControlCalls,
    replica: 'this',
    roster,
    recentRoster: roster,
    clock: new FakeClock(),
  };
}

describe('a question that a replica of another version does not know', () => {
  const QUESTION = { filter: '', order_by: 'errors desc', page_size: 0, page_token: '' };
  const sessions = [{ uid: 'a' }];
  const list = async (own: Answers, request: object = {}) =>
    fleetSessionCalls(parts(own)).ListSessions({ ...QUESTION, ...request }, undefined as never, new Metadata());
  const past = (own: Answers) => ofAll(parts(own), 'ListRefusals', {} as never, new Metadata());
  const wrong: Answers = {
    ListSessions: () => {
      throw badField('page_token', 'is not a next_page_token');
    },
    ListRefusals: () => {
      throw UNKNOWN;
    },
  };

  it('is answered by the others, and that one is named', async () => {
    const answer = { ListSessions: () => ({ sessions, next_page_token: '', total_size: 1 }) };
    for (const page_token of ['', 'of the page before']) {
      expect(await list(answer, { page_token }), page_token).to.deep.equal({
        sessions,
        next_page_token: '',
        total_size: 1,
        unreachable_replicas: ['older'],
      });
    }
    const { answers, missed } = await past({ ListRefusals: () => ({ refusals: [] }) });
    expect([answers, missed]).to.deep.equal([[{ refusals: [] }], ['older']]);
  });

  it('is answered by the others in what happens from now on, and wrong where the replica that is asked says so', async () => {
    const told = async (refusing: readonly string[]): Promise<unknown[]> => {
      const words: unknown[] = [];
      const outlet = {
        ready: true,
        begin: () => {},
        onceStopped: () => {},
        write: (message: object) => words.push(message),
        attempt: (work: () => void) => {
          try {
            work();
          } catch (error) {
            words.push((error as Fault).code);
          }
        },
      };
      const open = ({ name }: Replica) => ({
        ...{ onNews: () => {}, isSetUp: false, take: () => undefined, cancel: () => {} },
        ending: refusing.includes(name) ? UNKNOWN : undefined,
      });
      const { roster, clock } = parts({});
      new FleetTail({ outlet, roster, clock, open: open as never } as never);
      await new Promise(setImmediate);
      return words;
    };
    expect(await told(['older'])).to.deep.equal([{ lost_replica: 'older' }]);
    expect(await told(['older', 'this'])).to.include(Code.INVALID_ARGUMENT);
  });

  it('is wrong where the replica that is asked says so', async () => {
    const failed = await list(wrong).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(Fault).and.to.include({ message: 'page_token: is not a next_page_token' });
    expect(await past(wrong).catch(({ code }: Fault) => code)).to.equal(Code.INVALID_ARGUMENT);
  });
});
