import { expect } from 'chai';
import { readDenyList } from '../../../proxy/policy/lists/deny-list.js';
import { DenyListFile } from '../../../proxy/policy/lists/deny-list-file.js';
import type { Identity } from '../../../proxy/x509/identity.js';
import { Calls } from '../../support/calls.js';
import { Scratch } from '../../support/scratch.js';

const FINGERPRINT = 'ab'.repeat(32);
const base: Identity = {
  fingerprint: FINGERPRINT,
  serial: '1f',
  notAfter: 2e9,
  subject: 'CN=gw,O=Acme',
  fields: [],
  issuer: 'CN=Root',
  uris: [],
  dns: [],
};

function detailOf(entry: string, identity: Identity): string | undefined {
  const read = readDenyList('deny.yaml', Buffer.from(`version: 1\ndeny: [{ ${entry} }]`));
  if ('fault' in read) throw new Error(read.fault);
  return read.ok.check(identity)?.detail;
}

function faultOf(text: string): string {
  const read = readDenyList('deny.yaml', Buffer.from(text));
  return 'fault' in read ? read.fault : 'none';
}

describe('deny list', () => {
  it('keeps out by fingerprint, by serial number with issuer, and by subject', () => {
    const colons = FINGERPRINT.toUpperCase().replace(/..(?=.)/g, '$&:');
    expect(detailOf(`fingerprint: '${colons}'`, base)).to.equal('the fingerprint is on the deny list');
    expect(detailOf("serial: '00:1F', issuer: CN=Root", base)).to.equal('the serial number is on the deny list');
    expect(detailOf("subject: 'cn=gw,2.5.4.10=Acme'", base)).to.equal('the subject is on the deny list');
  });

  it('keeps out by URI, whole and exact, whatever else the certificate is called', () => {
    const entry = 'uri: spiffe://acme.example/gw-1';
    const named = { ...base, uris: ['spiffe://acme.example/gw-1'] };
    expect(detailOf(entry, named)).to.equal('the URI is on the deny list');
    expect(detailOf(entry, { ...named, uris: ['urn:x', ...named.uris] })).to.equal('the URI is on the deny list');
    for (const uri of ['spiffe://acme.example/gw-10', 'spiffe://acme.example/gw', 'spiffe://ACME.example/gw-1']) {
      expect(detailOf(entry, { ...base, uris: [uri] }), uri).to.equal(undefined);
    }
    expect(detailOf(entry, { ...base, dns: ['spiffe://acme.example/gw-1'], subject: 'CN=x' })).to.equal(undefined);
  });

  it('keeps out nobody else', () => {
    expect(detailOf(`fingerprint: ${FINGERPRINT}`, { ...base, fingerprint: 'cd'.repeat(32) })).to.equal(undefined);
    expect(detailOf("serial: '1f', issuer: CN=Root", { ...base, issuer: 'CN=Other' })).to.equal(undefined);
    expect(detailOf("subject: 'CN=gw,O=Acme'", { ...base, subject: 'CN=gw', uris: ['CN=gw,O=Acme'] })).to.equal(
      undefined,
    );
  });

  for (const [entry, fault] of [
    ['fingerprint: ab', 'deny.yaml:2:10: deny[0].fingerprint: 64 hex digits'],
    ["serial: '1f'", 'deny.yaml:2:8: deny[0]: needs one of: fingerprint, subject, uri, or serial and issuer'],
    ['subject: CN=a, issuer: CN=b', 'needs one of'],
    ['note: x', 'needs one of'],
    ['uri: spiffe://a/b, subject: CN=a', 'needs one of'],
    ["uri: ''", 'deny[0].uri: 1 to 8192 printable ASCII characters'],
    ['uri: spiffe://a/é', 'deny[0].uri: 1 to 8192 printable ASCII characters'],
    ["subject: 'CN=a, O=b'", 'deny.yaml:2:10: deny[0].subject: is not an RFC 4514 name'],
    ['reason: x', 'deny[0].reason: is not a known key here'],
  ] as const) {
    it(`refuses { ${entry} }`, () => expect(faultOf(`version: 1\ndeny: [{ ${entry} }]`)).to.contain(fault));
  }

  it('is watched, and a broken one leaves the last good one in force', async () => {
    const scratch = new Scratch();
    const calls = new Calls<string>();
    const path = scratch.write('deny.yaml', 'version: 1\ndeny: []\n');
    const file = await DenyListFile.open(path, {
      changed: () => calls.add('changed'),
      refused: () => calls.add('refused'),
    });
    try {
      expect(file.check(base)).to.equal(undefined);
      scratch.replace('deny.yaml', `version: 1\ndeny: [{ fingerprint: ${FINGERPRINT} }]\n`);
      expect(await calls.next()).to.equal('changed');
      scratch.replace('deny.yaml', 'version: 1\n');
      expect(await calls.next()).to.equal('refused');
      expect(file.check(base)).to.have.property('label', 'certificate_revoked');
      expect(file.fault).to.contain('deny: expected array');
    } finally {
      file.close();
      scratch.remove();
    }
  });
});
