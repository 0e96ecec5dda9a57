import { mkdirSync } from 'node:fs';
import { pem } from '../../support/der-writer.js';
import { listText, serverFiles } from '../../support/envoy.js';
import type { IssuedCertificate } from '../../support/raw-authority.js';
import { RawAuthority } from '../../support/raw-authority.js';
import { Scratch } from '../../support/scratch.js';
import type { Side } from '../judge/history.js';

const [CN, O, OU] = ['2.5.4.3', '2.5.4.10', '2.5.4.11'];
/** Certificates of each side, which its peers share in turn. */
export const CERTIFICATES = 4;
/** The meetups that a policy without them denies. */
export const DENIABLE = 'sub/deniable/**';

/** Certificates, lists and policy of an arena, in a folder of its own. */
export class ArenaFiles {
  readonly scratch = new Scratch();
  readonly authority = new RawAuthority();
  readonly credentials: Readonly<Record<Side, readonly IssuedCertificate[]>>;
  /** Of an operator who may do everything. */
  readonly admin: IssuedCertificate;
  readonly #serials = new Map<IssuedCertificate, string>();
  #serial = 0x1000;

  constructor() {
    for (const folder of ['certs', 'trust', 'envoy', 'log', 'disk']) mkdirSync(this.path(folder));
    const issue = (side: Side) => Array.from({ length: CERTIFICATES }, (_, at) => this.#issue(`${side} ${at}`, side));
    this.credentials = { manager: issue('manager'), gateway: issue('gateway') };
    this.admin = this.#issue('admin', 'admin');
    this.scratch.write('admin.pem', this.admin.key + this.admin.certificate);
    this.replaceServer();
    this.scratch.write('certs/root.cert.pem', this.authority.certificate);
    this.scratch.write('trust/root.cert.pem', this.authority.certificate);
    this.revoke([]);
    this.scratch.write('trust/root.crl.pem', listText(this.authority, []));
    this.allow(true);
  }

  path(name: string): string {
    return this.scratch.path(name);
  }

  /** Puts another certificate of the server in the place of the one that is there. */
  replaceServer(): void {
    const server = this.authority.issue({ subject: [], names: [{ dns: 'localhost' }], serial: this.#nextSerial() });
    for (const [name, text] of Object.entries(serverFiles(server))) this.scratch.replace(`certs/${name}`, text);
  }

  /** Puts a list in force on which these certificates are. */
  revoke(all: readonly IssuedCertificate[]): void {
    const serials = all.map((one) => this.#serials.get(one) ?? '');
    const list = pem('X509 CRL', this.authority.revoke({ serials, thisUpdate: new Date(Date.now() - 60_000) }));
    this.scratch.replace('certs/root.crl.pem', list);
  }

  /** Writes the policy anew; with or without the rules for {@link DENIABLE}. */
  allow(deniable: boolean): void {
    const meetups = JSON.stringify(['sub/kept/**', ...(deniable ? [DENIABLE] : [])]);
    const rule = (side: Side) =>
      `  - { name: ${side}, match: { subject: { O: Acme, OU: ${side} } }, meetups: ${meetups}, role: ${side} }`;
    const control = `  - { name: admin, match: { subject: { O: Acme, OU: admin } }, rights: admin }`;
    const lines = ['version: 1', 'rules:', rule('manager'), rule('gateway'), 'control:', control];
    this.scratch.replace('policy.yaml', `# ${Math.random()}\n${lines.join('\n')}\n`);
  }

  remove(): void {
    this.scratch.remove();
  }

  #issue(cn: string, ou: string): IssuedCertificate {
    const serial = this.#nextSerial();
    const subject = [
      [O, 'Acme'],
      [OU, ou],
      [CN, cn],
    ] as const;
    const issued = this.authority.issue({ subject, serial });
    this.#serials.set(issued, serial);
    return issued;
  }

  #nextSerial(): string {
    this.#serial += 1;
    return this.#serial.toString(16);
  }
}
