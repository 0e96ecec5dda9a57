import { expect } from 'chai';
import { MAX_PREFIX_BYTES, MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { useStack } from '../support/stack.js';

/** The path behind the prefix, the status, and the name of the refusal. */
const fits = [
  ['', 400, 'meetup_id_invalid'],
  ['a//b', 400, 'meetup_id_invalid'],
  ['a/../b', 400, 'meetup_id_invalid'],
  ['..', 400, 'meetup_id_invalid'],
  ['%61', 400, 'meetup_id_invalid'],
] as const;

for (const prefix of ['/fleet-7/', "/v1.0/a(b)+$*'!/c/", `/${'x.'.repeat(MAX_PREFIX_BYTES / 2 - 1)}/`, '/']) {
  describe(`the path prefix ${prefix.length > 30 ? `of ${prefix.length} bytes` : prefix}`, () => {
    const stack = useStack(() => ({ flags: { 'path-prefix': prefix } }));

    it('has meetups below it, whose ids begin after it [PATH-1]', async () => {
      const [one, two] = await stack().pair('sub/1/2?x=%2f');
      one.send('over');
      expect(await two.next()).to.equal('over');
      const paired = await stack().service.line('stdout', /"paired"/);
      expect(paired).to.include('"sub/1/2?x=%2f"');
    });

    it('is judged by the edge as the usual one is [PATH-2]', async () => {
      const peer = stack().issue('peer');
      for (const [rest, status, reason] of fits) {
        const told = await stack().refused(peer, prefix + rest);
        expect(told, rest).to.include({ status, reason });
      }
      const plain = await stack().refused(peer, `${prefix}a`, { upgrade: false });
      expect(plain).to.include({ status: 426, reason: 'upgrade_required' });
    });

    // Every path is below the prefix `/`.
    if (prefix === '/') return;
    it('has nothing beside it [PATH-1]', async () => {
      const peer = stack().issue('peer');
      const changed = [prefix.toUpperCase(), prefix.replace('.', '_'), `${prefix.slice(0, -1)}x/`, MEETUP_PREFIX, '/'];
      for (const other of changed.filter((one) => one !== prefix)) {
        expect(await stack().refused(peer, `${other}a`), other).to.include({ status: 404, reason: 'not_found' });
      }
    });
  });
}

describe('an edge and a service with two prefixes', () => {
  const stack = useStack(() => ({ flags: { 'path-prefix': '/one/' }, settings: { pathPrefix: '/two/' } }));

  it('let nobody in, and each says what it wants', async () => {
    const peer = stack().issue('peer');
    for (const path of ['/one/a', '/two/a']) {
      expect(await stack().refused(peer, path)).to.include({ status: 404, reason: 'not_found' });
    }
    expect(await stack().service.line('stdout', /not_found/)).to.include('meetups are below /one/');
  });
});
