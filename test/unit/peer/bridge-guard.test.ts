import { expect } from 'chai';
import { guard } from '../../../peer/bridge-guard.js';

const nobody = { hosts: [], origins: [] };

describe('the guard of a bridge on loopback', () => {
  for (const [host, origin, listen, reason] of [
    ['localhost:5001', undefined, '127.0.0.1', undefined],
    ['127.0.0.1:5001', undefined, '127.0.0.1', undefined],
    ['127.9.9.9', undefined, 'localhost', undefined],
    ['[::1]:5001', undefined, '::1', undefined],
    ['LOCALHOST', undefined, '127.0.0.1', undefined],
    ['localhost.:5001', undefined, '127.0.0.1', undefined],
    ['api.localhost:5001', undefined, '127.0.0.1', undefined],
    ['a.b.LocalHost', undefined, '::1', undefined],
    ['[::ffff:127.0.0.1]:5001', undefined, '127.0.0.1', undefined],
    ['[0:0:0:0:0:0:0:1]', undefined, '127.0.0.1', undefined],
    ['evil-localhost', undefined, '127.0.0.1', 'host_denied'],
    ['localhost.evil.example', undefined, '127.0.0.1', 'host_denied'],
    ['0.0.0.0:5001', undefined, '127.0.0.1', 'host_denied'],
    ['[::]:5001', undefined, '127.0.0.1', 'host_denied'],
    ['bridge.lan', undefined, 'Bridge.LAN', undefined],
    ['api.localhost:5001', 'http://api.localhost:5001', '127.0.0.1', undefined],
    ['API.localhost:5001', 'http://api.localhost:5001', '127.0.0.1', undefined],
    ['api.localhost:5001', 'http://localhost:5001', '127.0.0.1', 'origin_denied'],
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
      expect(guard({ headers: { host, origin } }, { ...nobody, listen })?.reason).to.equal(reason);
    });
  }

  for (const [what, headers, reason] of [
    ['an address typed, or a bookmark', { 'sec-fetch-site': 'none' }, undefined],
    ['a page of its own', { 'sec-fetch-site': 'same-origin' }, undefined],
    ['an image, a link or a form of another site', { 'sec-fetch-site': 'cross-site' }, 'origin_denied'],
    ['a page on another port of this machine', { 'sec-fetch-site': 'same-site' }, 'origin_denied'],
    ['a word that nobody knows yet', { 'sec-fetch-site': 'cross-planet' }, 'origin_denied'],
    ['two words', { 'sec-fetch-site': 'none, cross-site' }, 'origin_denied'],
    ['a program that names a page', { referer: 'https://docs.example/api' }, undefined],
    ['a sandboxed page', { origin: 'null', 'sec-fetch-site': 'cross-site' }, 'origin_denied'],
    [
      'a script that says that it is its own',
      { origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' },
      'origin_denied',
    ],
  ] as const) {
    it(`from ${what}: ${reason ?? 'may pass'}`, () => {
      for (const [host, listen] of [
        ['localhost:5001', '127.0.0.1'],
        ['bridge.example', '0.0.0.0'],
      ] as const) {
        expect(guard({ headers: { host, ...headers } }, { ...nobody, listen })?.reason).to.equal(reason);
      }
    });
  }

  it('judges an absolute target by itself, whatever Host says', () => {
    const headers = { host: 'localhost' };
    const here = { ...nobody, listen: '127.0.0.1' };
    expect(guard({ headers, authority: 'evil.example' }, here)?.reason).to.equal('host_denied');
    expect(guard({ headers, authority: 'localhost:1' }, here)).to.equal(undefined);
    expect(guard({ headers, authority: 'me@localhost' }, here)?.reason).to.equal('host_invalid');
    expect(guard({ headers, authority: '' }, here)?.reason).to.equal('host_invalid');
  });
});

describe('the guard of a bridge that lets more in', () => {
  it('by name: beside those of this machine, or on a network only those', () => {
    const hosts = ['bridge.example'];
    const judged = (host: string, listen: string): string | undefined =>
      guard({ headers: { host } }, { ...nobody, hosts, listen })?.reason;
    for (const listen of ['127.0.0.1', '0.0.0.0']) {
      expect(judged('Bridge.example:5001', listen)).to.equal(undefined);
      expect(judged('localhost:5001', listen)).to.equal(undefined);
      expect(judged('evil.example:5001', listen)).to.equal('host_denied');
    }
  });

  it('by origin: scripts by Origin, images and links by Referer, and no others', () => {
    const door = { ...nobody, origins: ['http://localhost:3000'], listen: '127.0.0.1' };
    const judged = (headers: Parameters<typeof guard>[0]['headers']): string | undefined =>
      guard({ headers: { host: 'localhost:5001', ...headers } }, door)?.reason;
    expect(judged({ origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' })).to.equal(undefined);
    expect(judged({ referer: 'http://localhost:3000/a?b', 'sec-fetch-site': 'same-site' })).to.equal(undefined);
    expect(judged({ referer: 'http://localhost:3001/', 'sec-fetch-site': 'same-site' })).to.equal('origin_denied');
    expect(judged({ origin: 'null', referer: 'http://localhost:3000/' })).to.equal('origin_denied');
    expect(judged({ 'sec-fetch-site': 'cross-site' })).to.equal('origin_denied');
  });

  it('by a star: every page, but no name of another machine', () => {
    const door = { ...nobody, origins: ['*'], listen: '127.0.0.1' };
    const headers = { origin: 'https://any.example', 'sec-fetch-site': 'cross-site' } as const;
    expect(guard({ headers: { ...headers, host: 'localhost' } }, door)).to.equal(undefined);
    expect(guard({ headers: { ...headers, host: 'any.example' } }, door)?.reason).to.equal('host_denied');
  });
});
