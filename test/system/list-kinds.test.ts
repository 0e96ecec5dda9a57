import { type KeyObject, X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { expect } from 'chai';
import { explainOffline } from '../../admin/explain-offline.js';
import { explainCertificate } from '../../certs/explain.js';
import { waitFor } from '../../dev/wait.js';
import { pem, sequence, tlv } from '../support/der-writer.js';
import { serverFiles, startEdge } from '../support/envoy.js';
import {
  type CertificateWish,
  extension,
  type IssuedCertificate,
  type ListWish,
  RawAuthority,
} from '../support/raw-authority.js';
import { sendRaw } from '../support/raw-request.js';
import { Scratch } from '../support/scratch.js';
import { ecKeys, ed25519, ed25519Keys, type Keys, rsaKeys, rsaPss } from '../support/signing.js';
import { PREFIX } from '../support/stack.js';

const CN = '2.5.4.3';
const HOUR_MS = 3_600_000;
const LET_IN = 'allowed';
const ENDED = 'tls_handshake';

const uri = (text: string): Buffer => tlv(0x86, Buffer.from(text));
const point = (...texts: string[]): Buffer => tlv(0xa0, tlv(0xa0, ...texts.map(uri)));
const flag = (number: number): Buffer => tlv(0x80 | number, Buffer.from([255]));
const issuing = (...parts: Buffer[]): readonly Buffer[] => [extension('2.5.29.28', sequence(...parts), true)];
const [A, B] = ['http://crl.example/a', 'http://crl.example/b'];

const lists: readonly (readonly [string, readonly Partial<ListWish>[], readonly string[], string])[] = [
  ['about everything', [{ extensions: issuing() }], [], LET_IN],
  ['about users', [{ extensions: issuing(flag(1)) }], [], LET_IN],
  ['about authorities alone', [{ extensions: issuing(flag(2)) }], [], ENDED],
  ['at the point of the certificate', [{ extensions: issuing(point(A), flag(1)) }], [A], LET_IN],
  ['at one of two points', [{ extensions: issuing(point(A, B)) }], [B], LET_IN],
  ['at another point', [{ extensions: issuing(point(A)) }], [B], ENDED],
  ['at a point, for a certificate that names none', [{ extensions: issuing(point(A)) }], [], ENDED],
  ['in two parts', [{ extensions: issuing(point(A)) }, { extensions: issuing(point(B)) }], [B], LET_IN],
  ['that is stale', [{ nextUpdate: new Date(Date.now() - HOUR_MS / 2) }], [], ENDED],
  ['that begins later', [{ thisUpdate: new Date(Date.now() + HOUR_MS) }], [], ENDED],
];

describe('lists as authorities make them', function () {
  this.timeout(60_000);
  const scratch = new Scratch();
  after(() => scratch.remove());

  /** An edge without a service: a client that passes the handshake is told `unavailable`. */
  async function ask(
    authority: RawAuthority,
    wishes: readonly Partial<ListWish>[],
    more: Partial<CertificateWish> = {},
  ) {
    const edge = await startEdge({ serviceSocket: scratch.path('none.sock'), authority });
    try {
      const text = wishes.map((wish) => pem('X509 CRL', authority.revoke({ serials: ['dd'], ...wish }))).join('');
      await edge.replace({ 'root.crl.pem': text });
      const over = new AbortController().signal;
      // Envoy does not report that it took a list, so the test waits until it refuses the certificate on it.
      const revoked = authority.issue({ subject: [[CN, 'revoked']], serial: 'dd', ...more });
      await waitFor('the list was not taken', 20_000, over, async () =>
        (await passes(edge.ports.peers, authority, revoked)) ? undefined : true,
      );
      const credential = authority.issue({ subject: [[CN, 'x']], serial: 'ee', ...more });
      return { passes: await passes(edge.ports.peers, authority, credential), credential, text };
    } finally {
      await edge.stop();
    }
  }

  async function passes(port: number, authority: RawAuthority, credential: IssuedCertificate): Promise<boolean> {
    const asked = sendRaw({ port, ca: authority.certificate, credential, path: `${PREFIX}sub/1` });
    return asked.then(
      () => true,
      () => false,
    );
  }

  async function explained(authority: RawAuthority, credential: IssuedCertificate, text: string): Promise<string> {
    const answer = await explainOffline(
      {
        certificate: scratch.write('asked.pem', credential.certificate),
        target: 'sub/1',
        policy: 'any-verified',
        crl: scratch.write('lists.pem', text),
        crlCa: scratch.write('ca.pem', authority.certificate),
      },
      Date.now(),
    );
    return answer.handshake === true ? ENDED : (answer.label ?? LET_IN);
  }

  for (const [what, wishes, points, expected] of lists) {
    it(`a list ${what}: Envoy and explain say ${expected}`, async () => {
      const authority = new RawAuthority();
      const named = points.map((text) => sequence(point(text)));
      const more = points.length === 0 ? {} : { extensions: [extension('2.5.29.31', sequence(...named))] };
      const asked = await ask(authority, wishes, more);
      expect(asked.passes ? LET_IN : ENDED, 'Envoy').to.equal(expected);
      expect(await explained(authority, asked.credential, asked.text), 'explain').to.equal(expected);
    });
  }

  for (const [what, way] of [
    ['Ed25519', ed25519],
    ['RSA-PSS with SHA-256', rsaPss('sha256', 32)],
    ['RSA-PSS with SHA-384', rsaPss('sha384', 48)],
    ['RSA-PSS with SHA-512', rsaPss('sha512', 64)],
  ] as const) {
    it(`certificates and a list signed by ${what} are taken`, async () => {
      const authority = new RawAuthority(undefined, way);
      const asked = await ask(authority, [{}]);
      expect(asked.passes).to.equal(true);
      expect(await explained(authority, asked.credential, asked.text)).to.equal(LET_IN);
    });
  }
});

describe('keys of servers', function () {
  this.timeout(60_000);
  const keys: readonly (readonly [string, Keys, boolean])[] = [
    ['Ed25519', ed25519Keys(), true],
    ['EC P-521', ecKeys('secp521r1'), true],
    ['EC secp256k1', ecKeys('secp256k1'), false],
    ['RSA of 1024 bits', rsaKeys(1024), false],
  ];
  it('Envoy serves those that certs show says, and keeps what it served for the others', async () => {
    const edge = await startEdge({ serviceSocket: '/nonexistent/none.sock' });
    try {
      for (const [what, pair, isServed] of keys) {
        const issued = edge.authority.issue({ subject: [], names: [{ dns: 'localhost' }], keys: pair });
        const isShown = explainCertificate(new X509Certificate(issued.certificate)).uses.includes('server');
        expect(isShown, what).to.equal(isServed);
        const failed = await edge.stat('sds.server-certificate.key_rotation_failed');
        await edge.replace(serverFiles(issued));
        // Envoy takes a pair, or counts a failure, once the second file is there, too.
        const over = new AbortController().signal;
        await waitFor(`Envoy did not judge ${what}`, 20_000, over, async () => {
          if (isServed) return (await servedKey(edge.ports.peers)).equals(pair.publicKey) || undefined;
          return (await edge.stat('sds.server-certificate.key_rotation_failed')) >= failed + 2 || undefined;
        });
      }
    } finally {
      await edge.stop();
    }
  });
});

function servedKey(port: number): Promise<KeyObject> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false }, () => {
      const served = socket.getPeerX509Certificate();
      socket.destroy();
      if (served === undefined) reject(new Error('no certificate'));
      else resolve(served.publicKey);
    });
    socket.on('error', reject);
  });
}
