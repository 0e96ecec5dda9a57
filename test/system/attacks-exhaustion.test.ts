import { expect } from 'chai';
import type { WssClient } from '../support/client.js';
import type { IssuedCertificate } from '../support/raw-authority.js';
import { PREFIX, useStack } from '../support/stack.js';

describe('attacks: squatting and exhaustion', () => {
  const stack = useStack(() => ({
    flags: {
      'max-connections': '16',
      'max-sessions': '3',
      'max-greetings-per-identity': '3',
      'max-connections-per-identity': '6',
      'connect-burst': '8',
      'connect-rate': '1',
      'probe-timeout': '300ms',
      'wait-timeout': '1s',
      'ping-interval': '1h',
    },
  }));

  /** Opens that many connections of a certificate, each on a meetup of its own. */
  function crowd(credential: IssuedCertificate, count: number, meetup: string): Promise<WssClient[]> {
    return Promise.all(Array.from({ length: count }, (_, i) => stack().open(credential, `${meetup}/${i}`)));
  }

  /** Opens a connection that waits alone at its meetup. */
  async function sit(credential: IssuedCertificate, meetup: string): Promise<WssClient> {
    const client = await stack().open(credential, meetup);
    client.hello();
    return client;
  }

  it('connections that never say HELLO: greeting_full for that certificate, and for no other', async () => {
    const squatter = stack().issue('squatter');
    await crowd(squatter, 3, 'silent');
    const told = await stack().refused(squatter, `${PREFIX}silent/x`);
    expect(told).to.include({ status: 429, reason: 'greeting_full', retry: 'later', retryAfter: '5' });
    await stack().pair('elsewhere');
  });

  it('one certificate that connects again and again: connect_rate, with the time to wait; no other is slowed', async () => {
    const hasty = stack().issue('hasty');
    for (let i = 0; i < 8; i += 1) await (await stack().open(hasty, 'again')).terminate();
    const told = await stack().refused(hasty, `${PREFIX}again`);
    expect(told).to.include({ status: 429, reason: 'connect_rate', retry: 'later', retryAfter: '1' });
    await stack().pair('elsewhere');
  });

  it('more meetups than there is room for: 503 meetups_full at the door, 4503 for one that got in before', async () => {
    const early = await stack().open(stack().issue('early'), 'early');
    await Promise.all([1, 2, 3].map((n) => sit(stack().issue(`p${n}`), `full/${n}`)));
    // No event tells when the service took a HELLO, so the test asks the door.
    let told = await stack()
      .refused(stack().issue('late'), `${PREFIX}late`)
      .catch(() => undefined);
    while (told === undefined)
      told = await stack()
        .refused(stack().issue('late'), `${PREFIX}late`)
        .catch(() => undefined);
    expect(told).to.include({ status: 503, reason: 'meetups_full', retry: 'later', retryAfter: '10' });
    early.hello();
    expect(await early.closed).to.deep.equal({ code: 4503, reason: 'the proxy has no room for another meetup' });
  });

  it('a squatter alone at a meetup is ended after a time: 4404', async () => {
    const squatter = await sit(stack().issue('squatter'), 'alone');
    expect(await squatter.closed).to.deep.equal({ code: 4404, reason: 'no other peer came in time: 1 seconds' });
  });

  it('who speaks before the pair is complete: 4425', async () => {
    const client = await sit(stack().issue('x'), 'early');
    client.send('anyone?');
    expect(await client.closed).to.deep.equal({ code: 4425, reason: 'message sent before the pair was complete' });
  });

  it('more connections than the proxy holds: 503 server_full; a live pair goes on', async () => {
    const [one, two] = await stack().pair('before');
    await Promise.all([
      crowd(stack().issue('a'), 3, 'a'),
      crowd(stack().issue('b'), 3, 'b'),
      crowd(stack().issue('c'), 3, 'c'),
    ]);
    await Promise.all([crowd(stack().issue('d'), 3, 'd'), crowd(stack().issue('e'), 2, 'e')]);
    const told = await stack().refused(stack().issue('x'), `${PREFIX}x`);
    expect(told).to.include({ status: 503, reason: 'server_full', retry: 'later', retryAfter: '10' });
    one.send('still here');
    expect(await two.next()).to.equal('still here');
  });

  it('a flood of thirds ends nobody who lives: each is told meetup_full', async () => {
    const [one, two] = await stack().pair('pair');
    const told = await Promise.all(
      Array.from({ length: 10 }, () => stack().refused(stack().issue('third'), `${PREFIX}pair`)),
    );
    for (const { status, reason } of told) expect([status, reason]).to.deep.equal([409, 'meetup_full']);
    one.send('still here');
    expect(await two.next()).to.equal('still here');
  });

  it('two who greet at once for one seat: the later one is ended, 4409', async () => {
    const [late, ...pair] = await Promise.all(['l', 'o', 't'].map((cn) => stack().open(stack().issue(cn), 'race')));
    for (const client of pair) client.hello();
    await Promise.all(pair.map((client) => client.next()));
    late?.hello();
    expect(await late?.closed).to.deep.equal({ code: 4409, reason: 'two live peers already meet here' });
  });

  it('a peer that is gone without a word gives up its seat to a newcomer: Probe timed out', async () => {
    const dead = await stack().open(stack().issue('dead'), 'seat', { autoPong: false });
    dead.hello();
    const second = await stack().open(stack().issue('second'), 'seat', { autoPong: false });
    second.hello();
    await Promise.all([dead.next(), second.next()]);
    const [one, two] = await stack().pair('seat');
    expect(await dead.closed).to.deep.equal({ code: 1002, reason: 'Probe timed out (0.3 seconds)' });
    one.send('here');
    expect(await two.next()).to.equal('here');
  });
});
