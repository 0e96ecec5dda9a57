import { status as Code, type ServiceError } from '@grpc/grpc-js';
import { expect } from 'chai';
import { CONTROL_SERVICE, controlService } from '../../../proxy/control/rpc/contract.js';
import { CONTROL_RIGHTS, neededRight } from '../../../proxy/control/rpc/rights.js';
import { as, ControlRig, type Operator } from '../../support/control.js';
import { errorInfo, failure, StreamLog } from '../../support/grpc-calls.js';

type Method = keyof typeof CONTROL_RIGHTS;
const methods = Object.keys(CONTROL_RIGHTS) as Method[];
const BELOW: Record<(typeof CONTROL_RIGHTS)[Method], Operator> = {
  viewer: 'peer',
  operator: 'viewer',
  admin: 'operator',
};

describe('control rights', () => {
  let rig: ControlRig;
  before(async () => {
    rig = await ControlRig.start();
  });
  after(() => rig.stop());

  const call = (method: Method, operator: Operator): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const client = rig.client();
      const definition = controlService[method];
      const done = (error: unknown, answer?: unknown): void => (error === null ? resolve(answer) : reject(error));
      if (!definition.responseStream) {
        Reflect.apply(Reflect.get(client, method), client, [{}, as(operator), done]);
        return;
      }
      const stream = Reflect.apply(Reflect.get(client, method), client, [{}, as(operator)]);
      // One that tells nothing until something happens is told something.
      stream.once('metadata', () => rig.join(`sub/${method}`));
      new StreamLog<unknown>(stream)
        .until(({ isOver, messages }) => isOver || messages.length > 0)
        .then((received) => {
          stream.cancel();
          done(received.error ?? null, received.messages[0]);
        }, reject);
    });

  it('names a right for each call of the contract, and for no other', () => {
    expect(methods.sort()).to.deep.equal(Object.keys(controlService).sort());
    expect(neededRight(`/${CONTROL_SERVICE}/toString`)).to.equal(undefined);
    expect(neededRight('/constructor/x')).to.equal(undefined);
  });

  for (const method of methods) {
    it(`denies ${method} without the right "${CONTROL_RIGHTS[method]}"`, async () => {
      const error = await failure(call(method, BELOW[CONTROL_RIGHTS[method]]));
      expect(error.code).to.equal(Code.PERMISSION_DENIED);
      expect(errorInfo(error)).to.deep.include({ reason: 'RIGHT_MISSING', domain: 'wsproxy.micronets' });
      expect(errorInfo(error).metadata).to.include({ right: CONTROL_RIGHTS[method], call: method });
    });

    it(`lets ${method} through with it`, async () => {
      const holder = ({ viewer: 'viewer', operator: 'operator', admin: 'admin' } as const)[CONTROL_RIGHTS[method]];
      const reached = await call(method, holder).then(
        () => true,
        (error: ServiceError) => errorInfo(error).reason === 'FIELD_INVALID',
      );
      expect(reached).to.equal(true);
    });
  }

  it('tells a peer which certificate lacks which right', async () => {
    const error = await failure(call('ListSessions', 'peer'));
    expect(error.details).to.equal(
      'the certificate "CN=peer,O=Micronets" (SHA-256 5555555555555555…) lacks the right "viewer" that ListSessions needs; ' +
        'it has no right at all. Rights are given in the section "control" of the policy file.',
    );
  });
});
