import { expect } from 'chai';
import fc from 'fast-check';
import { addressed, meetupUrl, withoutMeetup } from '../../../../peer/many/meetup-address.js';
import { splitTarget } from '../../../../peer/target.js';
import { faultOf } from '../../../../proxy/wire/path.js';

function read(target: string, ...ids: readonly string[]): unknown {
  const split = splitTarget(target);
  if ('fault' in split) throw new Error(split.fault);
  const whom = addressed(
    split,
    ids.map((value) => ({ name: 'ws-proxy-meetup', value })),
  );
  return whom.kind === 'meetup' ? { id: whom.id, path: whom.target.path, query: whom.target.query } : whom;
}

describe('the meetup that a request to a bridge for many names', () => {
  it('stands before the first /-/, and the rest is the path at the other peer', () => {
    const query = [{ name: 'x', value: '1' }];
    for (const [target, id, path] of [
      ['/sub/8675309/00224dd149bb/-/v1/leases?x=1', 'sub/8675309/00224dd149bb', '/v1/leases'],
      ['/a/-/?x=1', 'a', '/'],
      ['/a/-//b?x=1', 'a', '//b'],
      ['/a/-/b/-/c?x=1', 'a', '/b/-/c'],
      ['/a/-/-/b?x=1', 'a', '/-/b'],
      ['http://localhost/a/-/b?x=1', 'a', '/b'],
    ] as const) {
      expect(read(target)).to.deep.equal({ id, path, query });
    }
  });

  it('stands in the header where the path is of the other peer alone', () => {
    expect(read('/v1/leases', 'sub/1')).to.deep.equal({ id: 'sub/1', path: '/v1/leases', query: [] });
    expect(read('*', 'sub/1?key')).to.deep.equal({ id: 'sub/1?key', path: '*', query: [] });
    const headers = [
      { name: 'WS-Proxy-Meetup', value: 'sub/1' },
      { name: 'X', value: '1' },
    ];
    expect(withoutMeetup(headers)).to.deep.equal([{ name: 'X', value: '1' }]);
  });

  it('is missed in a sentence that says what to do', () => {
    for (const [target, ids, fault] of [
      ['/sub/1', [], /^no meetup is named: the path must be \/MEETUP\/-\/PATH/],
      ['/sub/1/-', [], /^no meetup is named/],
      ['*', [], /^no meetup is named/],
      ['/sub/1/-/x', ['sub/1'], /name the meetup in one of them$/],
      ['/x', ['sub/1', 'sub/2'], /comes twice; send it once$/],
      ['/x', [''], /^the meetup id is not valid: it is empty$/],
      ['/a//b/-/x', [], /not valid: it has an empty segment$/],
      ['/a/../b/-/x', [], /not valid: it has a dot segment$/],
      ['/a%20b/-/x', [], /not valid: a segment has a character outside/],
    ] as const) {
      expect(read(target, ...ids))
        .to.have.property('fault')
        .that.matches(fault);
    }
  });

  it('is the bridge itself where it is empty', () => {
    expect(read('/-/meetups')).to.deep.equal({ kind: 'bridge', path: '/meetups' });
  });

  it('is valid, and says with the path what was asked for, whatever was sent', () => {
    const part = fc.constantFrom('a', '-', '.', '..', '%2f', '~b', '', 'c:1');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const target = `/${parts.join('/')}`;
        const whom = addressed({ path: target, query: [] }, []);
        if (whom.kind !== 'meetup') return;
        expect(faultOf(whom.id)).to.equal(undefined);
        expect(`/${whom.id}/-${whom.target.path}`).to.equal(target);
      }),
    );
  });

  it('goes below the address of all, with a slash at its end or without', () => {
    for (const prefix of ['wss://h:1/ws', 'wss://h:1/ws/'])
      expect(meetupUrl(prefix, 'a/b')).to.equal('wss://h:1/ws/a/b');
  });
});
