import { expect } from 'chai';
import { options } from '../../../proxy/config/options.js';
import { parseValue } from '../../../proxy/config/value.js';
import { originRule } from '../../../proxy/door/origin.js';

const HOST = 'proxy.example.com:5050';

/** Headers that programs were seen to send. */
const programs: readonly (readonly [who: string, origin: string | undefined, host: string])[] = [
  ['a peer that sends none', undefined, HOST],
  ['websocket-client of Python', 'https://proxy.example.com:5050', HOST],
  ['websocket-client before 1.0, which says http', 'http://proxy.example.com:5050', HOST],
  ['one on the usual port', 'https://proxy.example.com', 'proxy.example.com'],
  ['one that writes the usual port into the Host', 'https://proxy.example.com', 'proxy.example.com:443'],
  ['one that writes the name in capitals', 'https://PROXY.example.com:5050', HOST],
  ['one that dials an address', 'https://[2001:db8::1]:5050', '[2001:db8::1]:5050'],
];

const pages: readonly (readonly [string, string])[] = [
  ['another site', 'https://evil.example'],
  ['the same host on another port', 'https://proxy.example.com'],
  ['a name that only begins like ours', 'https://proxy.example.com:5050.evil.example'],
  ['a user name that looks like our host', 'https://proxy.example.com:5050@evil.example'],
  ['a path that has our host', 'https://evil.example/proxy.example.com:5050'],
  ['a file on the disk, in Chromium; Arduino libraries send the same', 'file://'],
  ['a sandboxed page, or a file in Firefox', 'null'],
  ['an extension', 'chrome-extension://proxy.example.com:5050'],
  ['an empty header', ''],
  ['two headers', 'https://proxy.example.com:5050, https://evil.example'],
];

describe('which Origin is let in', () => {
  const byDefault = originRule(options.origins.default.split(','));

  for (const [who, origin, host] of programs) {
    it(`[REFUSE-4] ${who}: let in`, () => expect(byDefault(origin, host)).to.equal(true));
  }

  for (const [what, origin] of pages) {
    it(`[REFUSE-4] ${what}: not unless it is listed`, () => {
      expect(byDefault(origin, HOST)).to.equal(false);
      expect(originRule(['same', origin])(origin, HOST)).to.equal(true);
      expect(originRule(['any'])(origin, HOST)).to.equal(true);
    });
  }

  it('none: no Origin at all, and still who sends none', () => {
    const rule = originRule(['none']);
    expect([rule('https://proxy.example.com:5050', HOST), rule(undefined, HOST)]).to.deep.equal([false, true]);
  });

  it('same needs a Host to compare with', () => {
    expect(byDefault('https://proxy.example.com', undefined)).to.equal(false);
  });

  it('takes the words, and origins to the letter; nothing else', () => {
    for (const text of ['same', 'any', 'none', 'same,file://', 'https://app.example.com', 'http://a:1, null']) {
      expect(parseValue(options.origins, text), text).to.have.property('ok');
    }
    for (const text of ['app.example.com', 'https://a/b', '*', 'same,,any', 'https://*.example.com/']) {
      expect(parseValue(options.origins, text), text).to.have.property('fault');
    }
  });
});
