import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Socket as RawSocket } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { explainOffline } from '../../admin/explain-offline.js';
import { explainAccess } from '../../proxy/control/calls/explain-access.js';
import { doorExplainer } from '../../proxy/control/door-explainer.js';
import { UpgradeEdge } from '../../proxy/door/upgrade.js';
import { DOOR_CHECKS, Door, type DoorCheck, type DoorFacts } from '../../proxy/policy/door.js';
import { AdmissionLimits } from '../../proxy/policy/limits/admission-limits.js';
import { Blocks } from '../../proxy/policy/limits/blocks.js';
import { readDenyList } from '../../proxy/policy/lists/deny-list.js';
import { readPolicy } from '../../proxy/policy/policy-file.js';
import { systemClock } from '../../proxy/ports/system-clock.js';
import { ALWAYS_HERE } from '../../proxy/session/life/locator.js';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import type { Identity } from '../../proxy/x509/identity.js';
import { identityOfCertificate } from '../../proxy/x509/identity-of-certificate.js';
import { BOUNDS } from '../support/core.js';
import { coreOf } from '../support/core-parts.js';
import { RawAuthority } from '../support/raw-authority.js';
import { Scratch } from '../support/scratch.js';
import { refusedUpgrade } from '../support/service.js';

const [CN, O] = ['2.5.4.3', '2.5.4.10'];
const MINUTE = 60_000;
const policy = `version: 1
rules:
  - { name: not here, effect: deny, match: any, meetups: ['sub/closed'] }
  - { name: own, match: { subject: { O: Acme } }, meetups: ['sub/{gateway}'], bind: { gateway: subject.CN } }
`;

/** The peer that comes, and the state of everything that the door looks at. */
interface Case {
  readonly comer: number;
  readonly meetupId: string;
  readonly drains: boolean;
  readonly overloads: boolean;
  readonly denied: boolean;
  readonly blocked: boolean;
}

const cases: fc.Arbitrary<Case> = fc.record({
  comer: fc.nat({ max: 5 }),
  meetupId: fc.constantFrom('sub/gw-1', 'sub/gw-2', 'sub/closed', 'other'),
  drains: rarely(),
  overloads: rarely(),
  denied: rarely(),
  blocked: rarely(),
});

function rarely(): fc.Arbitrary<boolean> {
  return fc.integer({ min: 0, max: 3 }).map((n) => n === 0);
}

describe('the door', () => {
  const scratch = new Scratch();
  const authority = new RawAuthority();
  const { registry, overview } = coreOf({ clock: systemClock, bounds: BOUNDS });
  const path = scratch.path('edge.sock');
  let server: Server;
  let door: Door;
  let comers: readonly { readonly file: string; readonly pem: string; readonly identity: Identity }[];
  let asked: { certificate: string; denyList: string; policy: string };

  before(async () => {
    comers = ['Acme', 'Other'].flatMap((organisation) =>
      [-MINUTE, MINUTE, MINUTE].map((left, i) => {
        const subject = [[O, organisation] as const, [CN, i === 2 ? 'gw-2' : 'gw-1'] as const];
        const { certificate } = authority.issue({ subject, notAfter: new Date(Date.now() + left) });
        const read = identityOfCertificate(Buffer.from(certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64'));
        if (!('ok' in read)) throw new Error('no identity');
        const file = scratch.write(`${organisation}-${i}.pem`, certificate);
        return { file, pem: certificate, identity: read.ok };
      }),
    );
    server = await doorServer();
  });
  after(async () => {
    await once(server.close(), 'close');
    registry.stop();
    scratch.remove();
  });

  /** A door of HTTP upgrades: an admitted peer sees its connection end without an answer. */
  async function doorServer(): Promise<Server> {
    const edge = new UpgradeEdge({
      ...{
        pathPrefix: MEETUP_PREFIX,
        clock: systemClock,
        seats: registry,
        locator: ALWAYS_HERE,
        refused: () => {},
        origins: () => true,
        maxConnections: 9,
      },
      door: { judge: (identity, meetupId) => door.judge(identity, meetupId) },
      limits: new AdmissionLimits({
        ...{ total: 99, connections: 9, connectsPerSecond: 9999, connectBurst: 9999, greetings: 9 },
      }),
      accept: (_request, raw) => void raw.destroy(),
      fault: (error) => expect.fail(String(error)),
    });
    const listening = createServer().on('upgrade', (request, raw, head) => {
      void edge.handle(request, raw as RawSocket, head);
    });
    await once(listening.listen(path), 'listening');
    return listening;
  }

  /** Sets everything up as the case says; returns the part that the offline command can know. */
  function stand({ comer, drains, overloads, denied, blocked }: Case): Identity {
    const { identity, file } = comers[comer] ?? expect.fail('no such comer');
    const { fingerprint } = identity;
    const deny = denied ? `[{ fingerprint: '${fingerprint}' }]` : '[]';
    const text = `version: 1\ndeny: ${deny}\n`;
    asked = { certificate: file, denyList: scratch.write('deny.yaml', text), policy: scratch.write('p.yaml', policy) };
    const [list, rules] = [readDenyList('deny', Buffer.from(text)), readPolicy('policy', Buffer.from(policy))];
    if ('fault' in list || 'fault' in rules) throw new Error('a file of the test is broken');
    const blocks = new Blocks();
    const order = { reason: 'misbehaves', by: 'CN=op', until: Date.now() + MINUTE };
    if (blocked) blocks.add({ fingerprint }, order, Date.now());
    const online: Partial<DoorFacts> = { drains: () => drains, overloads: () => overloads, blocks };
    door = new Door({ now: Date.now, revocations: list.ok, policy: rules.ok, ...online });
    return identity;
  }

  async function upgrade(identity: Identity, meetupId: string): Promise<string> {
    const { fingerprint, subject, issuer, serial, notAfter } = identity;
    const answer = await refusedUpgrade(path, MEETUP_PREFIX + meetupId, {
      'x-forwarded-client-cert': JSON.stringify([{ hash: fingerprint, subject }]),
      ...{ 'x-peer-subject': subject, 'x-peer-issuer': issuer, 'x-peer-serial': serial },
      ...{ 'x-peer-fingerprint': fingerprint, 'x-peer-not-after': String(notAfter) },
    }).catch(() => undefined);
    return answer?.error.reason ?? 'allowed';
  }

  function rpc(comer: number, meetupId: string): string {
    const request = {
      certificate_pem: comers[comer]?.pem ?? '',
      meetup_id: meetupId,
      subject: 'certificate_pem' as const,
    };
    const { allowed, refusal = '' } = explainAccess(doorExplainer(door), { overview }, request, Date.now());
    return allowed === true ? 'allowed' : refusal;
  }

  async function offline(meetupId: string): Promise<string> {
    const { label } = await explainOffline({ ...asked, target: meetupId }, Date.now());
    return label ?? 'allowed';
  }

  it('property: an upgrade, ExplainAccess and the offline explain get the same answer', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const identity = stand(one);
        const said = await upgrade(identity, one.meetupId);
        seen.add(said);
        expect(rpc(one.comer, one.meetupId)).to.equal(said);
        // Files do not have the state of a replica, nor the operators' blocks.
        stand({ ...one, drains: false, overloads: false, blocked: false });
        expect(await offline(one.meetupId)).to.equal(await upgrade(identity, one.meetupId));
      }),
      { numRuns: 150 },
    );
    const labels = ['draining', 'overload', 'certificate_expired', 'certificate_revoked', 'blocked', 'policy_denied'];
    expect([...seen]).to.include.members([...labels.slice(0, 4), 'policy_denied']);
    expect(['allowed', ...labels]).to.include.members([...seen]);
  });

  it('asks a check that is added to its order, whoever asks', async () => {
    const added: DoorCheck = { name: 'moon', refuse: () => ({ label: 'internal_error', detail: 'it is full' }) };
    const checks = DOOR_CHECKS as DoorCheck[];
    const one = { comer: 1, meetupId: 'sub/gw-1', drains: false, overloads: false, denied: false, blocked: false };
    const identity = stand(one);
    const all = async () => [await upgrade(identity, one.meetupId), rpc(1, one.meetupId), await offline(one.meetupId)];
    expect(await all()).to.deep.equal(['allowed', 'allowed', 'allowed']);
    checks.push(added);
    try {
      expect(await all()).to.deep.equal(['internal_error', 'internal_error', 'internal_error']);
    } finally {
      checks.pop();
    }
  });
});
