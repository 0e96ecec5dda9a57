import { expect } from 'chai';
import { parseUpstream, upstreamText } from '../../../peer/upstream-address.js';

describe('--upstream', () => {
  for (const [text, href, socketPath, told] of [
    ['http://a:1/b/', 'http://a:1/b/', undefined, 'http://a:1/b/'],
    ['https://[::1]', 'https://[::1]/', undefined, 'https://[::1]/'],
    ['unix:/run/api.sock', 'http://localhost/', '/run/api.sock', 'unix:/run/api.sock'],
    ['unix:///run/api.sock', 'http://localhost/', '///run/api.sock', 'unix:///run/api.sock'],
    ['unix:api.sock', 'http://localhost/', 'api.sock', 'unix:api.sock'],
    ['unix:/run/a b:c.sock', 'http://localhost/', '/run/a b:c.sock', 'unix:/run/a b:c.sock'],
    ['unix:/run/api.sock:/v1/x', 'http://localhost/v1/x', '/run/api.sock', 'unix:/run/api.sock:/v1/x'],
    ['unix:/run/api.sock:/', 'http://localhost/', '/run/api.sock', 'unix:/run/api.sock'],
  ] as const) {
    it(`takes ${text}`, () => {
      const address = parseUpstream(text);
      if (typeof address === 'string') throw new Error(address);
      expect([address.url.href, address.socketPath, upstreamText(address)]).to.deep.equal([href, socketPath, told]);
      expect(parseUpstream(told)).to.deep.equal(address);
    });
  }

  for (const [text, says] of [
    ['localhost:80', 'must start with http://, https:// or unix:'],
    ['api', 'not a URL'],
    ['http://a/?x', 'no query'],
    ['http://a/?', 'no query'],
    ['http://a/#x', 'no query'],
    ['http://me:secret@a/', 'user or password'],
    ['unix:', '1 to 107 bytes'],
    ['unix::/v1', '1 to 107 bytes'],
    [`unix:/${'x'.repeat(107)}`, '1 to 107 bytes'],
    ['unix:/a\0b', '1 to 107 bytes'],
    ['unix:/a.sock:/v1?x=1', 'no query'],
  ] as const) {
    it(`does not take ${JSON.stringify(text.slice(0, 30))}`, () => {
      expect(parseUpstream(text)).to.be.a('string').and.to.contain(says);
    });
  }
});
