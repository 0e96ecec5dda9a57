import { expect } from 'chai';
import { listRefusal } from '../../../../peer/many/list-guard.js';

describe('the list of meetups of a bridge', () => {
  it('is for callers on this machine', () => {
    for (const remoteAddress of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      expect(listRefusal({ method: 'GET', remoteAddress }, '/meetups')).to.equal(undefined);
    }
    for (const remoteAddress of ['192.0.2.1', '::ffff:192.0.2.1', '2001:db8::1', undefined]) {
      expect(listRefusal({ method: 'GET', remoteAddress }, '/meetups')).to.include({
        status: 403,
        reason: 'list_denied',
      });
    }
  });

  it('is all that there is of the bridge itself', () => {
    const remoteAddress = '127.0.0.1';
    expect(listRefusal({ method: 'HEAD', remoteAddress }, '/meetups')).to.equal(undefined);
    for (const [method, path] of [
      ['POST', '/meetups'],
      ['GET', '/'],
      ['GET', '/meetups/a'],
      [undefined, '/meetups'],
    ] as const) {
      expect(listRefusal({ method, remoteAddress }, path)).to.include({ status: 404, reason: 'not_found' });
    }
  });
});
