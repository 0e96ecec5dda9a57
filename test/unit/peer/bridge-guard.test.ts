import { expect } from 'chai';
import { guard } from '../../../peer/bridge-guard.js';

describe('the guard of a bridge on loopback', () => {
  for (const [host, origin, listen, reason] of [
    ['localhost:5001', undefined, '127.0.0.1', undefined],
    ['127.0.0.1:5001', undefined, '127.0.0.1', undefined],
    ['127.9.9.9', undefined, 'localhost', undefined],
    ['[::1]:5001', undefined, '::1', undefined],
    ['LOCALHOST', undefined, '127.0.0.1', undefined],
    ['localhost:5001', 'http://localhost:5001', '127.0.0.1', undefined],
    ['bridge.example:80', undefined, '0.0.0.0', undefined],
    ['evil.example:5001', undefined, '127.0.0.1', 'host_denied'],
    ['127.0.0.1.evil.example', undefined, '127.0.0.1', 'host_denied'],
    ['192.0.2.1', undefined, '127.0.0.1', 'host_denied'],
    ['localhost:5001', 'http://evil.example', '127.0.0.1', 'origin_denied'],
    ['localhost:5001', 'http://localhost:8080', '127.0.0.1', 'origin_denied'],
    ['localhost:5001', 'null', '127.0.0.1', 'origin_denied'],
    ['bridge.example', 'https://evil.example', '0.0.0.0', 'origin_denied'],
    [undefined, undefined, '127.0.0.1', 'host_invalid'],
    ['user@localhost', undefined, '127.0.0.1', 'host_invalid'],
    ['local host', undefined, '127.0.0.1', 'host_invalid'],
  ] as const) {
    it(`Host ${host}, Origin ${origin}, listening on ${listen}: ${reason ?? 'may pass'}`, () => {
      expect(guard(host, origin, listen)?.reason).to.equal(reason);
    });
  }
});
