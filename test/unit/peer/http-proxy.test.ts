import { expect } from 'chai';
import fc from 'fast-check';
import { HttpProxyError, httpProxyFor } from '../../../peer/http-proxy.js';

const URL_ = 'wss://proxy.example:5050/micronets/v1/ws-proxy/a';
const PROXY = 'http://corp.example:3128';

function faultOf(environment: Readonly<Record<string, string>>): string {
  try {
    httpProxyFor(URL_, environment);
  } catch (error) {
    if (error instanceof HttpProxyError) return error.message;
    throw error;
  }
  throw new Error('it was taken');
}

describe('the HTTP proxy of the environment', () => {
  for (const [value, told] of [
    ['http://corp.example:3128', { host: 'corp.example', port: 3128, secure: false }],
    ['corp.example:3128', { host: 'corp.example', port: 3128, secure: false }],
    ['http://corp.example/', { host: 'corp.example', port: 80, secure: false }],
    ['https://corp.example', { host: 'corp.example', port: 443, secure: true }],
    ['HTTP://[::1]:8080', { host: '::1', port: 8080, secure: false }],
    ['http://me:p%40ss%3A@corp.example:1', { host: 'corp.example', port: 1, secure: false, credentials: 'me:p@ss:' }],
    ['http://me@corp.example:1', { host: 'corp.example', port: 1, secure: false, credentials: 'me:' }],
  ] as const) {
    it(`is read from ${value}`, () => {
      expect(httpProxyFor(URL_, { HTTPS_PROXY: value })).to.deep.equal({ ...told, setting: 'HTTPS_PROXY' });
    });
  }

  it('is the first that is set, small letters before capitals, and none when none is', () => {
    const all = { https_proxy: 'a:1', HTTPS_PROXY: 'b:1', all_proxy: 'c:1', ALL_PROXY: 'd:1' };
    const named = (environment: Readonly<Record<string, string | undefined>>): unknown =>
      httpProxyFor(URL_, environment)?.setting;
    expect(named(all)).to.equal('https_proxy');
    expect(named({ ...all, https_proxy: '' })).to.equal('HTTPS_PROXY');
    expect(named({ ...all, https_proxy: '', HTTPS_PROXY: undefined })).to.equal('all_proxy');
    expect(named({ ALL_PROXY: 'd:1' })).to.equal('ALL_PROXY');
    expect(named({ HTTP_PROXY: 'a:1', http_proxy: 'a:1', npm_config_https_proxy: 'a:1' })).to.equal(undefined);
  });

  it('is refused by name where it is none that we speak; the value, which may hold a password, is not shown', () => {
    for (const value of ['socks5://me:secret@corp.example', 'http://me:secret@', 'http://me:secret%zz@corp.example']) {
      expect(faultOf({ ALL_PROXY: value }))
        .to.match(/^ALL_PROXY: /)
        .and.not.to.contain('secret');
    }
    expect(faultOf({ ALL_PROXY: 'socks5://corp.example' })).to.equal(
      'ALL_PROXY: a proxy of kind socks5 is not spoken here, only http:// and https://; NO_PROXY names the hosts that are dialled directly',
    );
    expect(httpProxyFor(URL_, { ALL_PROXY: 'socks5://corp.example', NO_PROXY: 'proxy.example' })).to.equal(undefined);
  });
});

describe('NO_PROXY', () => {
  for (const [host, list, direct] of [
    ['proxy.example', 'proxy.example', true],
    ['proxy.example', 'PROXY.example.', true],
    ['proxy.example', 'example', true],
    ['proxy.example', '.example', true],
    ['proxy.example', '*.example', true],
    ['example', '.example', true],
    ['proxy.example', 'a.example, proxy.example', true],
    ['proxy.example', 'a.example proxy.example', true],
    ['proxy.example', 'proxy.example:5050', true],
    ['proxy.example', 'proxy.example:443', false],
    ['proxy.example', 'roxy.example', false],
    ['proxy.example', 'xample', false],
    ['proxy.example', 'a.proxy.example', false],
    ['proxy.example', '*', true],
    ['proxy.example', ',, ,', false],
    ['proxy.example', '.', false],
    ['localhost', '', false],
    ['localhost', 'localhost,127.0.0.1', true],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.7:5050', true],
    ['192.0.2.7', '192.0.2.0/24', true],
    ['192.0.2.7', '192.0.2.8/29', false],
    ['192.0.2.7', '192.0.2.0/99', false],
    ['192.0.2.7', '.2.7', false],
    ['[2001:db8::7]', '2001:db8::7', true],
    ['[2001:db8::7]', '[2001:db8:0::7]', true],
    ['[2001:db8::7]', '[2001:db8::7]:5050', true],
    ['[2001:db8::7]', '[2001:db8::7]:1', false],
    ['[2001:db8::7]', '2001:db8::/32', true],
    ['[2001:db8::7]', '10.0.0.0/8', false],
  ] as const) {
    it(`"${list}" ${direct ? 'names' : 'does not name'} ${host}`, () => {
      const found = httpProxyFor(`wss://${host}:5050/a`, { HTTPS_PROXY: PROXY, NO_PROXY: list });
      expect(found === undefined).to.equal(direct);
    });
  }

  it('in small letters comes first', () => {
    const both = { HTTPS_PROXY: PROXY, no_proxy: 'other.example', NO_PROXY: '*' };
    expect(httpProxyFor(URL_, both)).not.to.equal(undefined);
  });

  it('takes whatever stands in it, and sends nobody past the proxy who is not named', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (entries) => {
        const list = entries.filter((entry) => !/[*]|example|xn--/i.test(entry)).join(',');
        expect(httpProxyFor(URL_, { HTTPS_PROXY: PROXY, NO_PROXY: list })?.port).to.equal(3128);
      }),
    );
  });
});
