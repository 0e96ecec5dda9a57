import { expect } from 'chai';
import { documentedPolicy } from '../support/documented-policy.js';
import type { IssuedCertificate } from '../support/raw-authority.js';
import { PREFIX, useStack } from '../support/stack.js';

const [CN, O] = ['2.5.4.3', '2.5.4.10'];
const ADMIN = 'CN=admin,O=Acme';
const SERVICE = '/micronets.wsproxy.control.v1.ControlService';

/** Calls that show or change something; after the first `PLAIN` calls the path is spelled in other ways. */
const PLAIN = 6;
const acts: readonly (readonly [string, string, object])[] = [
  ['POST', '/v1/sessions/UID:kick', { reason: 'x' }],
  ['POST', '/v1/blocks', { subject: 'CN=manager,O=Acme', duration: '60s', reason: 'x' }],
  ['POST', '/v1/drain', {}],
  ['POST', '/v1/policy:reload', {}],
  ['POST', '/v1/log:setLevel', { level: 'debug' }],
  ['GET', '/v1/sessions', {}],
  ['POST', `${SERVICE}/KickSession`, { name: 'sessions/UID', reason: 'x' }],
  ['POST', '//v1//sessions/UID:kick', { reason: 'x' }],
  ['POST', '/v1/x/../sessions/UID:kick', { reason: 'x' }],
  ['POST', '/v1/sessions/UID%3Akick', { reason: 'x' }],
  ['POST', '/V1/sessions/UID:kick', { reason: 'x' }],
  ['POST', '/v1/sessions/UID:kick?name=sessions/UID', { reason: 'x' }],
];

describe('attacks: the control API', () => {
  const stack = useStack((scratch) => ({
    control: true,
    flags: { policy: scratch.write('policy.yaml', documentedPolicy()), 'audit-log': scratch.path('audit.log') },
  }));
  let admin: IssuedCertificate;
  let impostors: ReadonlyMap<string, IssuedCertificate>;
  before(() => {
    const { authority } = stack();
    admin = stack().issue('admin');
    impostors = new Map([
      ['a gateway', stack().gateway('gw-1')],
      ['the manager', stack().issue('manager')],
      [
        'one with the administrator’s subject as SANs',
        authority.issue({ subject: [[CN, 'x']], names: [{ uri: ADMIN }, { dns: ADMIN }, { email: ADMIN }] }),
      ],
      ['one with the administrator’s subject inside its own', authority.issue({ subject: [[CN, `admin,O=Acme`]] })],
      [
        'one with the attributes the other way round',
        authority.issue({
          subject: [
            [CN, 'admin'],
            [O, 'Acme'],
          ],
        }),
      ],
      ['one without a subject', authority.issue({ subject: [], names: [{ uri: 'urn:x' }] })],
    ]);
  });

  async function sessionAt(meetup: string): Promise<string> {
    const { body } = await stack().control(
      admin,
      'GET',
      `/v1/sessions?filter=${encodeURIComponent(`meetup_id = "${meetup}"`)}`,
    );
    const { sessions } = JSON.parse(body) as { sessions: { name: string }[] };
    return sessions[0]?.name.slice('sessions/'.length) ?? 'none';
  }

  it('nobody but the administrator does anything, however the call is spelled', async () => {
    const [gateway, manager] = await stack().pair('sub/7/gw-2', stack().gateway('gw-2'), stack().issue('manager'));
    const uid = await sessionAt('sub/7/gw-2');
    for (const [who, credential] of impostors) {
      const answers = await Promise.all(
        acts.map(([method, path, body]) => stack().control(credential, method, path.replace('UID', uid), body)),
      );
      for (const [at, { status, body }] of answers.entries()) {
        const what = `${who} ${acts[at]?.[1]} ${body}`;
        if (at < PLAIN) expect(status, what).to.equal(403);
        else expect(status, what).to.be.within(400, 499);
      }
      const claims = [`x-peer-subject: ${ADMIN}`, `x-forwarded-client-cert: [{"subject":"${ADMIN}"}]`];
      const spoofed = await stack().control(credential, 'GET', '/v1/sessions', undefined, claims);
      expect(spoofed.status, `${who} ${spoofed.body}`).to.equal(403);
    }
    gateway.send('still here');
    expect(await manager.next()).to.equal('still here');
  });

  it('the administrator kicks: both peers are told by whom and why, 4410', async () => {
    const pair = await stack().pair('sub/7/gw-2', stack().gateway('gw-2'), stack().issue('manager'));
    const { status } = await stack().control(admin, 'POST', `/v1/sessions/${await sessionAt('sub/7/gw-2')}:kick`, {
      reason: 'maintenance',
    });
    expect(status).to.equal(200);
    for (const { closed } of pair)
      expect(await closed).to.deep.equal({ code: 4410, reason: 'kicked by an operator: maintenance' });
  });

  it('the administrator blocks: the peer is ended, 4411, and refused with the time to wait', async () => {
    const gateway = stack().gateway('gw-2');
    const [blocked] = await stack().pair('sub/7/gw-2', gateway, stack().issue('manager'));
    const { status, body } = await stack().control(admin, 'POST', '/v1/blocks', {
      subject: 'CN=gw-2,OU=gateway,O=Acme',
      duration: '60s',
      reason: 'lost',
    });
    expect(status, body).to.equal(200);
    expect(await blocked.closed).to.deep.equal({ code: 4411, reason: 'blocked by an operator: lost' });
    const told = await stack().refused(gateway, `${PREFIX}sub/7/gw-2`);
    expect(told).to.include({ status: 403, reason: 'blocked', retry: 'later', retryAfter: '60' });
  });
});
