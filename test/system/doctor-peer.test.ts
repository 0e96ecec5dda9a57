import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { doctor, doctorText, type Examined, expectFaults, filesOf } from '../support/doctor.js';
import { documentedPolicy } from '../support/documented-policy.js';
import { startHttpProxy } from '../support/http-proxy.js';
import { type IssuedCertificate, RawAuthority } from '../support/raw-authority.js';
import type { Scratch } from '../support/scratch.js';
import { PREFIX, useStack } from '../support/stack.js';

const [CN, O, OU] = ['2.5.4.3', '2.5.4.10', '2.5.4.11'];
const DAY = 86_400_000;
const SUBJECT = [
  [O, 'Acme'],
  [OU, 'gateway'],
  [CN, 'gw-1'],
] as const;

describe('doctor as a peer', () => {
  let scratch: Scratch;
  let policy: string;
  const stack = useStack((given) => {
    scratch = given;
    policy = given.write('policy.yaml', documentedPolicy());
    return { control: true, flags: { policy } };
  });

  const url = (meetup = 'sub/7/gw-1', port = stack().port) => `wss://localhost:${port}${PREFIX}${meetup}`;
  const files = (own: Pick<IssuedCertificate, 'certificate' | 'key'> = stack().gateway('gw-1'), ca = stack().ca) =>
    filesOf(scratch, own, ca);
  const look = (...more: readonly string[]): Promise<Examined> => doctor([url(), ...files(), ...more]);
  const withOwn = (own: Pick<IssuedCertificate, 'certificate' | 'key'>): Promise<Examined> =>
    doctor([url(), ...files(own)]);

  it('finds nothing where nothing is wrong, and says so in 80 columns', async () => {
    const found = await look();
    expectFaults(found, {});
    expect(found.of('ok')).to.have.length(13);
    expect(found.findings.get('peer.access')?.what).to.match(/the door answers: it may sit at sub\/7\/gw-1/);
    const { code, out, err } = await doctorText([url(), ...files()]);
    expect(out).to.match(/\n0 faults, 0 warnings, 0 not checked, 13 ok\n$/);
    const findings = out.split('\n').slice(2);
    expect(findings.filter((line) => line.length > 80 && !line.includes(scratch.directory))).to.deep.equal([]);
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
  });

  it('takes no seat, and disturbs nobody who sits there', async () => {
    await look();
    const admin = stack().issue('admin');
    const sessions = await stack().control(admin, 'GET', '/v1/sessions');
    expect(JSON.parse(sessions.body).sessions ?? []).to.deep.equal([]);
    const [gateway, manager] = await stack().pair('sub/7/gw-1', stack().gateway('gw-1'), stack().issue('manager'));
    const found = await look();
    expect(found.findings.get('peer.access')).to.include({ status: 'warning' });
    expect(found.findings.get('peer.access')?.what).to.match(/meetup_full|role_taken/);
    expectFaults(found, {});
    manager.send('undisturbed');
    expect(await gateway.next()).to.equal('undisturbed');
  });

  it('the wrong CA, and one that is not there', async () => {
    const stranger = new RawAuthority().certificate;
    expectFaults(await doctor([url(), ...files(undefined, stranger)]), { 'peer.server-chain': /leads to no CA/ });
    expectFaults(await doctor([url(), ...files().slice(0, 2), '--ca', '/nowhere.pem']), {
      'peer.server-chain': /nowhere\.pem: no such file/,
    });
  });

  it('another name than the certificate’s, unless it is told which to expect', async () => {
    const byAddress = url().replace('localhost', '127.0.0.1');
    expectFaults(await doctor([byAddress, ...files()]), {
      'peer.server-name': /not for 127\.0\.0\.1 but for DNS:localhost/,
    });
    expectFaults(await doctor([byAddress, ...files(), '--servername', 'localhost']), {});
  });

  it('a certificate that expired, begins later, is of another CA, or is not its key’s', async () => {
    const { authority } = stack();
    const gateway = (more: object) => authority.issue({ subject: SUBJECT, ...more });
    const old = gateway({ notBefore: new Date(Date.now() - 3 * DAY), notAfter: new Date(Date.now() - DAY) });
    const refused = /refuses our certificate|broke off/;
    expectFaults(await withOwn(old), { 'peer.own-validity': /expired at/, 'peer.accepted': refused });
    const early = gateway({ notBefore: new Date(Date.now() + DAY), notAfter: new Date(Date.now() + 3 * DAY) });
    expectFaults(await withOwn(early), { 'peer.own-validity': /not valid before/, 'peer.accepted': refused });
    const foreign = new RawAuthority([[CN, 'Elsewhere']]).issue({ subject: SUBJECT });
    expectFaults(await withOwn(foreign), { 'peer.accepted': /does not know the CA|broke off/ });
    const mixed = { certificate: gateway({}).certificate, key: foreign.key };
    const unfit = await withOwn(mixed);
    expectFaults(unfit, { 'peer.own-key': /does not belong to the certificate/ });
    expect(unfit.findings.get('peer.accepted')).to.include({ status: 'not_checked' });
  });

  it('a kind of key that Envoy takes no client with', async () => {
    const keys = generateKeyPairSync('ed448');
    const found = await withOwn(stack().authority.issue({ subject: SUBJECT, keys }));
    expectFaults(found, { 'peer.own-kind': /Ed448/, 'peer.accepted': /./ });
  });

  it('the control API’s port, plain HTTP, and nobody', async () => {
    const at = (port: number) => doctor([url(undefined, port), ...files()]);
    expectFaults(await at(stack().edge.ports.control), { 'peer.port': /is the control API's port, not the peers'/ });
    expectFaults(await at(stack().metricsPort), { 'peer.port': /speaks HTTP without TLS/ });
    expectFaults(await at(1), { 'peer.port': /nobody listens there \(ECONNREFUSED\)/ });
    const named = await doctor([url().replace('localhost', 'nowhere.invalid'), ...files()]);
    expectFaults(named, { 'peer.name': /nowhere\.invalid is no name/ });
    expect(named.findings.get('peer.port')).to.include({ status: 'not_checked' });
  });

  it('a policy that denies: by the door, by the control API, and by a file', async () => {
    const denied = { 'peer.access': /policy_denied/ };
    const args = [url('sub/7/gw-2'), ...files()];
    expectFaults(await doctor(args), denied);
    const [, cert = ''] = files(stack().issue('admin'));
    const control = ['--control', `localhost:${stack().edge.ports.control}`, '--control-cert', cert];
    expectFaults(await doctor([...args, ...control]), { 'peer.access': /the control API says policy_denied: / });
    expectFaults(await doctor([...args, '--policy', policy]), { 'peer.access': /by the policy file policy_denied: / });
    const allowed = await look(...control);
    expect(allowed.findings.get('peer.access')?.what).to.match(/control API says: it may sit/);
    const gone = await look('--policy', '/nowhere.yaml');
    expect(gone.findings.get('peer.access')).to.include({ status: 'not_checked' });
  });

  it('a path of another prefix, a meetup id that cannot be, and none', async () => {
    const other = url().replace(PREFIX, '/other/');
    expectFaults(await doctor([other, ...files()]), { 'peer.access': /meetups are below/ });
    expectFaults(await doctor([url('sub/%41'), ...files()]), { 'peer.access': /a character outside/ });
    const none = await doctor([url(''), ...files()]);
    expect(none.findings.get('peer.access')).to.include({ status: 'not_checked' });
    expectFaults(none, {});
  });

  it('an HTTP proxy in the way, one that opens it, and a variable that is none', async () => {
    const args = [url(), ...files()];
    const dead = await doctor(args, { HTTPS_PROXY: 'http://127.0.0.1:1' });
    expectFaults(dead, { 'peer.http-proxy': /HTTPS_PROXY.*ECONNREFUSED/, 'peer.port': /HTTPS_PROXY/ });
    const proxy = await startHttpProxy();
    try {
      const through = await doctor(args, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
      expectFaults(through, {});
      expect(through.findings.get('peer.http-proxy')?.what).to.match(/opens the way/);
      expect(through.findings.get('peer.name')).to.include({ status: 'not_checked' });
    } finally {
      await proxy.stop();
    }
    expectFaults(await doctor(args, { HTTPS_PROXY: 'socks5://127.0.0.1:1' }), { 'peer.http-proxy': /socks5/ });
    expectFaults(await doctor(args, { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'localhost' }), {});
  });

  it('is not understood without a URL that can be dialled: exit code 2 and one line', async () => {
    for (const args of [['localhost:5050'], [], ['--as', 'nobody'], [url(), '--timeout', 'x'], [url(), '-o', 'xml']]) {
      const { code, out, err } = await doctorText(args, { WS_PROXY_RUN_DIR: scratch.path('no-run') });
      expect({ code, out }, err).to.deep.equal({ code: 2, out: '' });
      expect(err).to.match(/^error: .*\n(?:\(see --help\)\n)?$/);
    }
  });
});
