import { expect } from 'chai';
import { documentedPolicy } from '../support/documented-policy.js';
import { hello } from '../support/fixtures.js';
import { namesLikeTheManager } from '../support/names-like-the-manager.js';
import type { IssuedCertificate } from '../support/raw-authority.js';
import { PREFIX, useStack } from '../support/stack.js';

const VICTIM = 'sub/7/gw-2';
const ADMIN = 'CN=manager,O=Acme';

/** Headers that a client sends to pose as somebody else; each set is tried with and without a subject in the certificate. */
const spoofs: readonly (readonly string[])[] = [
  [`x-peer-subject: ${ADMIN}`],
  [`X-PEER-SUBJECT: ${ADMIN}`, `x-peer-subject: ${ADMIN}`],
  [
    `x-peer-fingerprint: ${'ab'.repeat(32)}`,
    'x-peer-serial: 1',
    'x-peer-issuer: CN=Test Root',
    'x-peer-not-after: 9999999999',
  ],
  [`x-forwarded-client-cert: [{"hash":"${'ab'.repeat(32)}","subject":"${ADMIN}"}]`],
  [`X-Forwarded-Client-Cert: Hash=${'ab'.repeat(32)};Subject="${ADMIN}"`],
  [`client-cert: :AAAA:`, `client-cert-chain: :AAAA:`],
  ['x-envoy-original-path: /micronets/v1/ws-proxy/sub/7/gw-1', 'x-envoy-internal: true'],
  ['x-envoy-decorator-operation: x', 'x-envoy-upstream-rq-timeout-ms: 1', 'x-envoy-retry-on: 5xx'],
  ['x-original-url: /micronets/v1/ws-proxy/sub/7/gw-1', 'x-rewrite-url: /micronets/v1/ws-proxy/sub/7/gw-1'],
  ['x-http-method-override: GET', 'x-forwarded-host: evil.example', 'x-forwarded-for: 127.0.0.1', 'x-real-ip: ::1'],
  ['x-a: b', ` x-peer-subject: ${ADMIN}`],
  [`x_peer_subject: ${ADMIN}`, `X_PEER-SUBJECT: ${ADMIN}`, 'x_forwarded_client_cert: [{}]'],
  [`x-a: b\nx-peer-subject: ${ADMIN}`],
  [`x-a: b\rx-peer-subject: ${ADMIN}`],
];

/** Requests that HTTP parsers disagree about; none may get a 101. */
const smuggles: readonly (readonly [string, readonly string[], number])[] = [
  ['a space before the colon', [`x-peer-subject : ${ADMIN}`], 400],
  ['a NUL in a value', ['x-a: b\0c'], 400],
  ['two Content-Length', ['Content-Length: 0', 'Content-Length: 5'], 400],
  ['Content-Length and Transfer-Encoding', ['Content-Length: 5', 'Transfer-Encoding: chunked'], 400],
  ['an unknown Transfer-Encoding', ['Transfer-Encoding: xchunked'], 501],
  ['a body on an upgrade', ['Content-Length: 5'], 400],
  ['two Host', ['Host: evil.example'], 400],
  ['two Sec-WebSocket-Key', ['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='], 400],
  ['more than 64 headers', Array.from({ length: 65 }, (_, i) => `x-${i}: y`), 431],
  ['a header of 17 KiB', [`x-a: ${'b'.repeat(17 * 1024)}`], 431],
];

describe('attacks: identity', () => {
  const stack = useStack((scratch) => ({ flags: { policy: scratch.write('policy.yaml', documentedPolicy()) } }));
  let anonymous: IssuedCertificate;
  before(() => {
    anonymous = stack().authority.issue({ subject: [], names: [{ uri: 'urn:x' }] });
  });

  for (const headers of spoofs) {
    it(`spoofed headers change nothing: ${JSON.stringify(headers[0]?.slice(0, 50))} …`, async () => {
      for (const credential of [stack().gateway('gw-1'), anonymous]) {
        const told = await stack().refused(credential, PREFIX + VICTIM, { headers });
        expect(told).to.include({ status: 403, reason: 'policy_denied' });
      }
    });
  }

  it('naming the identity in Connection does not remove it', async () => {
    const nominated = 'Connection: x-peer-subject, x-peer-fingerprint, x-forwarded-client-cert, x-peer-issuer';
    const told = await stack().refused(stack().gateway('gw-1'), PREFIX + VICTIM, { headers: [nominated] });
    expect(told).to.include({ status: 403, reason: 'policy_denied' });
  });

  for (const [what, headers, status] of smuggles) {
    it(`${what}: ${status} request_invalid`, async () => {
      const told = await stack().refused(stack().gateway('gw-1'), `${PREFIX}sub/7/gw-1`, { headers });
      expect(told).to.include({ status, reason: 'request_invalid' });
    });
  }

  for (const [what, subject, names] of namesLikeTheManager) {
    it(`a certificate with ${what} is nobody else: refused by name`, async () => {
      const issued = stack().authority.issue({ subject, names });
      const told = await stack().refused(issued, PREFIX + VICTIM);
      expect(told.status).to.be.within(400, 499);
      expect(told.reason).to.be.oneOf(['policy_denied', 'identity_malformed', 'request_invalid']);
    });
  }

  it('a HELLO that claims to be another gateway, or a manager, gives no seat and no role', async () => {
    const client = await stack().open(stack().gateway('gw-1'), 'sub/7/gw-1');
    client.send(hello('manager').replace('micronets-gateway-service', 'manager'));
    const twin = await stack().refused(stack().gateway('gw-1'), `${PREFIX}sub/7/gw-1`);
    expect(twin).to.include({ status: 409, reason: 'role_taken', retry: 'later', retryAfter: '20' });
    const victim = await stack().refused(stack().gateway('gw-1'), PREFIX + VICTIM);
    expect(victim).to.include({ reason: 'policy_denied' });
  });

  it('a certificate of another gateway is refused alike, whether nobody, one or two peers are there', async () => {
    const thief = stack().gateway('gw-1');
    const knock = () => stack().refused(thief, PREFIX + VICTIM);
    const told = [await knock()];
    const gateway = await stack().open(stack().gateway('gw-2'), VICTIM);
    gateway.hello();
    told.push(await knock());
    const manager = await stack().open(stack().issue('manager'), VICTIM);
    manager.hello();
    await Promise.all([gateway.next(), manager.next()]);
    told.push(...(await Promise.all(Array.from({ length: 50 }, knock))));
    for (const one of told)
      expect(one).to.deep.equal({ status: 403, reason: 'policy_denied', retry: 'never', retryAfter: undefined });
    gateway.send('still here');
    expect(await manager.next()).to.equal('still here');
  });

  it('two of one role that greet at once: the later one is ended, 4412 role_taken', async () => {
    const one = await stack().open(stack().gateway('gw-2'), VICTIM);
    const two = await stack().open(stack().gateway('gw-2'), VICTIM);
    one.hello();
    two.hello();
    const closed = await Promise.race([one.closed, two.closed]);
    expect(closed).to.deep.equal({ code: 4412, reason: 'the seat of this role is taken' });
  });

  it('the manager’s seat is the manager’s: a second one is told meetup_full, and the pair goes on', async () => {
    const [gateway, manager] = await stack().pair(VICTIM, stack().gateway('gw-2'), stack().issue('manager'));
    const told = await stack().refused(stack().issue('manager'), PREFIX + VICTIM);
    expect(told).to.include({ status: 409, reason: 'meetup_full', retry: 'later', retryAfter: '20' });
    manager.send('undisturbed');
    expect(await gateway.next()).to.equal('undisturbed');
  });
});
