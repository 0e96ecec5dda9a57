import { expect } from 'chai';
import fc from 'fast-check';
import { explainOffline } from '../../admin/explain-offline.js';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { documentedPolicy } from '../support/documented-policy.js';
import type { AlternativeName, IssuedCertificate, NamePart } from '../support/raw-authority.js';
import { sendRaw } from '../support/raw-request.js';
import { reasonIn, useStack } from '../support/stack.js';

const [CN, O, OU] = ['2.5.4.3', '2.5.4.10', '2.5.4.11'];
const PAIRS = 150;
/** The seed is fixed, so that each run asks the same questions. */
const SEED = 8_675_309;

/** The policy of the documents, with an exception before it and a rule by SAN after it. */
const policy = documentedPolicy().replace(
  'rules:\n',
  `rules:
  - { name: not the lost one, effect: deny, match: { subject: { CN: lost } }, meetups: ['sub/**', 'gw/**'] }
  - name: by SPIFFE id
    match: { uris: 'spiffe://acme.example/gw/{id}' }
    meetups: ['gw/{id}', 'gw/{id}?*']
    bind: { id: uri.id }
`,
);
const denied = "version: 1\ndeny: [{ subject: 'CN=gw-3,OU=gateway,O=Acme' }]\n";

const cns = ['gw-1', 'gw-2', 'gw-3', 'lost', 'manager', 'admin', 'gw-1 ', 'a,b'];
const part = (type: string, values: readonly string[]): fc.Arbitrary<NamePart[]> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...values).map((value): NamePart[] => [[type, value]]) },
    fc.constant<NamePart[]>([]),
  );
const subjects = fc
  .tuple(
    part(O, ['Acme', 'Acme', 'Acme', 'Other']),
    part(OU, ['gateway', 'gateway', 'ops']),
    part(CN, cns),
    fc.oneof({ weight: 9, arbitrary: fc.constant([]) }, part(CN, cns)),
  )
  .map((parts) => parts.flat());
const sans: fc.Arbitrary<AlternativeName[]> = fc.array(
  fc.constantFrom<AlternativeName>(
    { uri: 'spiffe://acme.example/gw/gw-1' },
    { uri: 'spiffe://evil.example/gw/gw-1' },
    { dns: 'gw-1' },
  ),
  { maxLength: 2 },
);
const ids = fc.constantFrom(
  'sub/7/gw-1',
  'sub/7/gw-2',
  'sub/7/gw-3',
  'sub/7/lost',
  'sub/7/gw-1/x',
  'sub/gw-1',
  'sub/7/GW-1',
  'sub/7/gw-1?x',
  'gw/gw-1',
  'gw/gw-1?v=2',
  'gw/gw-2',
  'sub/7/a,b',
  'sub/7//gw-1',
  'sub/7/%67w-1',
  'sub/../gw-1',
  '',
);

describe('explain', () => {
  let files: { readonly policy: string; readonly denyList: string };
  const stack = useStack((scratch) => {
    files = { policy: scratch.write('policy.yaml', policy), denyList: scratch.write('deny.yaml', denied) };
    return { control: true, flags: { policy: files.policy, 'deny-list': files.denyList } };
  });

  /** The answer of the door: the name of the refusal, or `allowed`. */
  async function door(credential: IssuedCertificate, path: string): Promise<string> {
    const { status, body } = await sendRaw({ port: stack().port, ca: stack().ca, credential, path });
    return status === 101 ? 'allowed' : reasonIn(body).reason;
  }

  it('agrees with the door, offline and asked of the running service, whoever comes to whichever meetup', async () => {
    const admin = stack().issue('admin');
    const seen = new Map<string, number>();
    const questions = fc.sample(fc.tuple(subjects, sans, ids), { numRuns: PAIRS, seed: SEED });
    for (const [subject, names, id] of questions) {
      const issued = stack().authority.issue({ subject, ...(names.length > 0 && { names }) });
      const certificate = stack().scratch.write('asked.pem', issued.certificate);
      const said = await door(issued, MEETUP_PREFIX + id);
      const what = `${JSON.stringify(subject)} ${JSON.stringify(names)} ${id}`;

      const offline = await explainOffline({ certificate, target: MEETUP_PREFIX + id, ...files }, Date.now());
      expect(offline.label ?? 'allowed', what).to.equal(said);
      const question = { certificatePem: issued.certificate, meetupId: id };
      const { status, body } = await stack().control(admin, 'POST', '/v1/access:explain', question);
      // The command takes no invalid id.
      if (said === 'meetup_id_invalid') expect(status, what).to.be.oneOf([200, 400]);
      else expect(online(body), what).to.equal(said);
      seen.set(said, (seen.get(said) ?? 0) + 1);
    }
    expect([...seen.keys()]).to.have.members(['allowed', 'policy_denied', 'certificate_revoked', 'meetup_id_invalid']);
    for (const count of seen.values()) expect(count).to.be.at.least(3);
  });
});

function online(body: string): string {
  const { allowed, refusal } = JSON.parse(body) as { allowed: boolean; refusal: string };
  return allowed ? 'allowed' : refusal;
}
