import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { explainOffline } from '../../admin/explain-offline.js';
import { explainCertificate } from '../../certs/explain.js';
import { withOwnFault } from '../../peer/own-certificate.js';
import { setbackOfDial } from '../../peer/setback.js';
import { dial } from '../../proxy/transport/dial/dial.js';
import { oid, sequence, tlv } from '../support/der-writer.js';
import { type CertificateWish, extension, type IssuedCertificate } from '../support/raw-authority.js';
import { sendRaw } from '../support/raw-request.js';
import { ecKeys, ed25519Keys, type Keys, rsaKeys } from '../support/signing.js';
import { PREFIX, reasonIn, useStack } from '../support/stack.js';

const [CN, O, ORGANIZATION_IDENTIFIER] = ['2.5.4.3', '2.5.4.10', '2.5.4.97'];
const HOUR_MS = 3_600_000;
const LET_IN = 'allowed';
const ENDED = 'tls_handshake';

const policy = `version: 1
rules:
  - { name: by organisation, match: { subject: { organizationIdentifier: VATDE-1 } }, meetups: ['sub/org'] }
  - { name: by its OID, match: { subject: { 2.5.4.97: VATDE-2 } }, meetups: ['sub/org'] }
  - { name: whole, match: { subject: 'organizationIdentifier=VATDE-3,O=Acme' }, meetups: ['sub/org'] }
  - { name: the others, match: { subject: { O: Acme } }, meetups: ['sub/1'] }
control:
  - { name: the administrator, match: { subject: { CN: admin } }, rights: viewer }
`;

const purposes = (...ids: string[]): Buffer => extension('2.5.29.37', sequence(...ids.map(oid)));
const usage = (bits: number): Buffer => extension('2.5.29.15', tlv(3, Buffer.from([0, bits])), true);
const names = (count: number) => Array.from({ length: count }, (_, i) => ({ dns: `gw-${i}.example` }));
// The types of Node lack some of the signatures for `rsa-pss`.
const rsaPssKeys = generateKeyPairSync as unknown as (type: 'rsa-pss', options: object) => Keys;
const [CLIENT, SERVER, ANY] = ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];

const kinds: readonly (readonly [string, Partial<CertificateWish>, string])[] = [
  ['EC P-384', { keys: ecKeys('secp384r1') }, LET_IN],
  ['EC P-521', { keys: ecKeys('secp521r1') }, LET_IN],
  ['Ed25519', { keys: ed25519Keys() }, LET_IN],
  ['RSA', { keys: rsaKeys() }, LET_IN],
  ['RSA of 1024 bits', { keys: rsaKeys(1024) }, LET_IN],
  ['Ed448', { keys: generateKeyPairSync('ed448') }, ENDED],
  ['EC secp256k1', { keys: ecKeys('secp256k1') }, ENDED],
  ['EC brainpoolP256r1', { keys: ecKeys('brainpoolP256r1') }, ENDED],
  ['RSA-PSS', { keys: rsaPssKeys('rsa-pss', { modulusLength: 2048 }) }, ENDED],
  ['clientAuth', { extensions: [purposes(CLIENT)] }, LET_IN],
  ['serverAuth and clientAuth', { extensions: [purposes(SERVER, CLIENT)] }, LET_IN],
  ['any purpose', { extensions: [purposes(ANY)] }, ENDED],
  ['any purpose and serverAuth', { extensions: [purposes(ANY, SERVER)] }, ENDED],
  ['serverAuth', { extensions: [purposes(SERVER)] }, ENDED],
  ['digitalSignature', { extensions: [usage(0x80)] }, LET_IN],
  ['keyEncipherment', { extensions: [usage(0x20)] }, ENDED],
  ['an unknown critical extension', { extensions: [extension('1.2.3.4', tlv(5), true)] }, ENDED],
  [
    'a critical list of SANs',
    { extensions: [extension('2.5.29.17', sequence(tlv(0x82, Buffer.from('a'))), true)] },
    LET_IN,
  ],
  ['100 SANs', { names: names(100) }, LET_IN],
  ['101 SANs', { names: names(101) }, 'identity_malformed'],
  ['a SAN that is not ASCII', { names: [{ dns: 'gw-\u00e9' }] }, 'identity_malformed'],
  [
    'a subject of 7,000 characters',
    {
      subject: [
        [O, 'Acme'],
        [CN, 'a'.repeat(7000)],
      ],
    },
    LET_IN,
  ],
  [
    'a subject of 9,000 characters',
    {
      subject: [
        [O, 'Acme'],
        [CN, 'a'.repeat(9000)],
      ],
    },
    'identity_malformed',
  ],
  ['a notBefore to come', { notBefore: new Date(Date.now() + HOUR_MS) }, ENDED],
];

describe('certificates as authorities make them', () => {
  const stack = useStack((scratch) => {
    const file = scratch.write('policy.yaml', policy);
    return { control: true, flags: { policy: file } };
  });

  async function door(credential: IssuedCertificate, path: string): Promise<string> {
    const { port, ca } = stack();
    try {
      const { status, body } = await sendRaw({ port, ca, credential, path });
      return status === 101 ? LET_IN : reasonIn(body).reason;
    } catch {
      return ENDED;
    }
  }

  async function explained(credential: IssuedCertificate, path: string): Promise<string> {
    const certificate = stack().scratch.write('asked.pem', credential.certificate);
    const answer = await explainOffline(
      { certificate, target: path, policy: stack().scratch.path('policy.yaml') },
      Date.now(),
    );
    return answer.handshake === true ? ENDED : (answer.label ?? LET_IN);
  }

  for (const [what, wish, expected] of kinds) {
    it(`${what}: the door, explain and certs show say ${expected}`, async () => {
      const credential = stack().authority.issue({
        subject: [
          [O, 'Acme'],
          [CN, 'gw-1'],
        ],
        ...wish,
      });
      const path = `${PREFIX}sub/1`;
      expect(await door(credential, path), 'door').to.equal(expected);
      expect(await explained(credential, path), 'explain from files').to.equal(expected);
      const question = { certificatePem: credential.certificate, meetupId: 'sub/1' };
      const { body } = await stack().control(stack().issue('admin'), 'POST', '/v1/access:explain', question);
      expect(online(body), 'explain asked of the service').to.equal(expected);
      const { uses, warnings } = explainCertificate(new X509Certificate(credential.certificate));
      const isEarly = what === 'a notBefore to come';
      expect(uses.includes('client'), 'certs show').to.equal(expected === LET_IN || isEarly);
      const isTold = warnings.some((warning) => /^as a client|^not valid before/.test(warning));
      const isForServers = what === 'serverAuth' || what === 'keyEncipherment';
      expect(isTold, warnings.join()).to.equal(expected !== LET_IN && !isForServers);
    });
  }

  it('the peer itself says what is wrong with its certificate', async () => {
    for (const [wish, told, retry] of [
      [{ keys: generateKeyPairSync('ed448') }, 'of our own certificate: its key is Ed448', 'never'],
      [
        { extensions: [purposes(ANY)] },
        'of our own certificate: its extended key usage is without clientAuth',
        'never',
      ],
      [{ notBefore: new Date(Date.now() + HOUR_MS) }, 'of our own certificate: it is not valid before', 'later'],
    ] as const) {
      const { certificate: cert, key } = stack().authority.issue({ subject: [[CN, 'gw']], ...wish });
      const url = `wss://localhost:${stack().port}${PREFIX}sub/1`;
      const error = await dial(url, { cert, key, ca: stack().ca }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      const setback = setbackOfDial(withOwnFault(error, cert, Date.now()));
      expect(setback.message).to.contain(told);
      expect(setback.retry).to.equal(retry);
    }
  });

  it('an organizationIdentifier is matched by name, by OID and in a whole name, and printed as it can be pasted', async () => {
    for (const value of ['VATDE-1', 'VATDE-2', 'VATDE-3']) {
      const subject = [
        [O, 'Acme'],
        [ORGANIZATION_IDENTIFIER, value],
      ] as const;
      const credential = stack().authority.issue({ subject });
      expect(await door(credential, `${PREFIX}sub/org`), value).to.equal(LET_IN);
      expect(await explained(credential, `${PREFIX}sub/org`), value).to.equal(LET_IN);
      expect(explainCertificate(new X509Certificate(credential.certificate)).match).to.deep.equal({
        [ORGANIZATION_IDENTIFIER]: value,
        O: 'Acme',
      });
    }
    const other = stack().authority.issue({
      subject: [
        [O, 'Acme'],
        [ORGANIZATION_IDENTIFIER, 'VATDE-4'],
      ],
    });
    expect(await door(other, `${PREFIX}sub/org`)).to.equal('policy_denied');
  });
});

function online(body: string): string {
  const { allowed, refusal } = JSON.parse(body) as { allowed: boolean; refusal: string };
  return allowed ? LET_IN : refusal;
}
