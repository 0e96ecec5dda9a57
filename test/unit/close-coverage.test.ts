import { expect } from 'chai';
import { endings, type Label } from '../../proxy/wire/close.js';
import { sources, textOf } from '../support/sources.js';

/** For each way to be refused or to end: the test that provokes it on purpose, as file and title. */
const provokedBy: Readonly<Record<Label, readonly [file: string, title: string]>> = {
  not_found: ['system/attacks-path', "['/', 'not_found']"],
  meetup_id_invalid: ['system/attacks-path', "[PREFIX, 'meetup_id_invalid']"],
  upgrade_required: ['system/attacks-path', 'what is no upgrade of version 13 is refused: upgrade_required'],
  origin_denied: [
    'system/attacks-path',
    'a web page of another site, with the certificate of its visitor: origin_denied',
  ],
  request_invalid: ['system/attacks-identity', ' request_invalid`, async'],
  identity_missing: ['system/attacks-bypass', 'a request without an identity: identity_missing'],
  identity_malformed: ['system/attacks-bypass', 'with half of one: identity_malformed'],
  certificate_expired: ['system/endings', 'a certificate that expires while connected is ended within 2 s: 4401'],
  certificate_revoked: [
    'system/endings-revocation',
    'ends the live connection within 2 s and lets the renewed certificate in',
  ],
  policy_denied: ['system/endings', 'a policy that takes the right away ends the session: 4403'],
  blocked: ['system/attacks-control', 'the administrator blocks: the peer is ended, 4411'],
  unplaced: ['service/hop-owner', 'and is silent: the newcomer is told to come again at once, in bounded time'],
  misdirected: ['service/hop', 'whose owner has started anew, or serves the meetup no more, comes in here'],
  deposed: ['unit/session/unplaced', 'is left by everybody: both of a pair, who waits, who greets; nobody else'],
  meetup_full: ['system/attacks-exhaustion', 'a flood of thirds ends nobody who lives: each is told meetup_full'],
  role_taken: ['system/attacks-identity', 'the later one is ended, 4412 role_taken'],
  server_full: ['system/attacks-exhaustion', 'more connections than the proxy holds: 503 server_full'],
  meetups_full: ['system/attacks-exhaustion', '503 meetups_full at the door, 4503 for one that got in before'],
  identity_full: ['system/endings', 'one connection more than the rule allows a certificate: 429 identity_full'],
  connect_rate: ['system/attacks-exhaustion', 'one certificate that connects again and again: connect_rate'],
  greeting_full: ['system/attacks-exhaustion', 'connections that never say HELLO: greeting_full'],
  overload: [
    'system/endings-liveness',
    'fill the memory budget for their own two certificates alone: those are shed, 4513, and refused, 503 overload',
  ],
  unavailable: ['system/endings-liveness', 'and then Envoy says unavailable'],
  draining: ['system/endings-liveness', 'a drain refuses newcomers with draining, ends pairs with 1012 and a time'],
  hello_timeout: ['system/attacks-frames', 'one that never comes: 4408 hello_timeout'],
  hello_invalid: ['system/attacks-frames', ' hello_invalid`, async'],
  impatient: ['system/attacks-exhaustion', 'who speaks before the pair is complete: 4425'],
  lonely: ['system/attacks-exhaustion', 'a squatter alone at a meetup is ended after a time: 4404'],
  peer_disconnected: ['system/attacks-frames', 'and the other peer is told that its peer went'],
  ping_timeout: ['system/endings-liveness', 'a peer that answers no ping: 1002'],
  probe_timeout: ['system/attacks-exhaustion', 'gives up its seat to a newcomer: Probe timed out'],
  slow_peer: ['system/endings-liveness', 'the sender is held, and the reader ended as slow_peer'],
  message_too_big: ['system/attacks-frames', 'a message of one byte too many'],
  protocol_error: ['system/attacks-frames', 'an unmasked frame'],
  invalid_utf8: ['system/attacks-frames', 'text that is not UTF-8'],
  too_many_fragments: ['system/attacks-frames', 'a flood of empty fragments'],
  ping_flood: ['system/attacks-frames', 'a burst of 10,000 pings is cut, ping_flood'],
  message_timeout: ['system/endings-liveness', 'ends its sender with 4431, though bytes of it come'],
  message_rate: ['system/endings', 'who stays above the rate of its rule is ended: 4429'],
  kicked: ['system/attacks-control', 'the administrator kicks: both peers are told by whom and why, 4410'],
  closed_by_peer: ['system/endings-liveness', 'a peer that closes is closed_by_peer with its own code and words'],
  connection_lost: ['system/endings-liveness', 'a line that breaks off is connection_lost in the log'],
  internal_error: ['service/edge-fault', 'is told as internal_error, counted, logged, and holds no room'],
};

describe('the close table', () => {
  const product = [...sources('proxy', 'envoy')].filter(({ path }) => path !== 'proxy/wire/close.ts');

  for (const [label, [file, title]] of Object.entries(provokedBy)) {
    it(`${label} is named by the product, and a test provokes it`, () => {
      expect(product.some(({ text }) => text.includes(`'${label}'`))).to.equal(true);
      expect(textOf(`test/${file}.test.ts`).replaceAll(/\s+/g, ' ')).to.contain(title);
    });
  }

  it('has no row that this table does not know', () => {
    expect(Object.keys(provokedBy)).to.deep.equal(Object.keys(endings));
  });
});
