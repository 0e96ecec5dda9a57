import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { hostGuard } from '../../../proxy/door/host-names.js';

function isAsked(host: string | undefined, names: readonly string[] = []): boolean {
  const headers = host === undefined ? {} : { host };
  return hostGuard(names)({ headers } as IncomingMessage) === undefined;
}

describe('the Host of a page for machines', () => {
  for (const host of [
    ...['127.0.0.1:9464', '10.244.1.7:9464', '[::1]:9464', '[fe80::1]', 'localhost:9464', 'LOCALHOST', 'ws-proxy:9464'],
    ...[
      'ws-proxy-metrics.ws-proxy.svc:9464',
      'ws-proxy-metrics.ws-proxy.svc.cluster.local.',
      'proxy.internal',
      'nas.local',
    ],
    undefined,
  ]) {
    it(`${host} is one of ours`, () => expect(isAsked(host)).to.equal(true));
  }

  for (const host of [
    ...[
      'evil.example',
      'evil.example:9464',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '10.0.0.1.nip.io:9464',
    ],
    ...['evil.example.', 'local.evil.example', 'evillocal.com', 'a,b', 'a b', '[::1].evil.example', 'ws-proxy:x', ''],
  ]) {
    it(`${JSON.stringify(host)} is not, unless every name is`, () => {
      expect(isAsked(host)).to.equal(false);
      expect(isAsked(host, ['any'])).to.equal(true);
    });
  }

  it('a name that is given is taken as it is written', () => {
    expect(isAsked('Proxy1.example.com:9464', ['proxy1.example.com'])).to.equal(true);
    expect(isAsked('proxy1xexample.com', ['proxy1.example.com'])).to.equal(false);
    expect(isAsked('a.proxy1.example.com', ['proxy1.example.com'])).to.equal(false);
  });
});
