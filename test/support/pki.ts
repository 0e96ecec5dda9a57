import { X509Certificate } from 'node:crypto';
import { copyFile, cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issue } from '../../certs/actions/issue.js';
import { makeDevelopmentPki } from '../../certs/development.js';
import type { EdgeSettings } from '../../envoy/settings.js';
import { runProgram } from './program.js';
import type { IssuedCertificate } from './raw-authority.js';

/** A PKI made by `ws-proxy certs`, and the folder from which Envoy reads the lists that the service passes on. */
export class Pki {
  readonly certs: string;
  readonly trust: string;

  private constructor(folder: string) {
    this.certs = join(folder, 'certs');
    this.trust = join(folder, 'trust');
  }

  static async make(folder: string): Promise<Pki> {
    const pki = new Pki(folder);
    await makeDevelopmentPki(pki.certs);
    await mkdir(pki.trust);
    for (const name of ['root.cert.pem', 'root.crl.pem']) await copyFile(join(pki.certs, name), join(pki.trust, name));
    return pki;
  }

  get list(): string {
    return join(this.certs, 'root.crl.pem');
  }

  /** Options of the service. */
  get flags(): Record<string, string> {
    const stage = join(this.trust, 'root.crl.pem');
    return { crl: this.list, 'crl-ca': join(this.certs, 'root.cert.pem'), 'crl-stage': stage };
  }

  /** Settings of the edge. */
  get settings(): Partial<EdgeSettings> {
    return {
      serverCertificate: join(this.certs, 'server.cert.pem'),
      serverKey: join(this.certs, 'server.key.pem'),
      clientCa: join(this.trust, 'root.cert.pem'),
      clientCrl: join(this.trust, 'root.crl.pem'),
    };
  }

  get ca(): Promise<string> {
    return readFile(join(this.certs, 'root.cert.pem'), 'utf8');
  }

  /** Issues a certificate, or renews it where the name exists. */
  async issue(cn: string, ou?: string): Promise<IssuedCertificate> {
    const unit = ou === undefined ? {} : { ou };
    const names = { dns: [], ip: [], ...unit };
    await issue(cn, {
      dir: this.certs,
      role: 'client',
      o: 'Acme',
      cn,
      days: 30,
      issuer: 'root',
      force: true,
      ...names,
    });
    const [certificate = '', key = ''] = await Promise.all(
      ['cert', 'key'].map((kind) => readFile(join(this.certs, `${cn}.${kind}.pem`), 'utf8')),
    );
    return { certificate, key, der: new X509Certificate(certificate).raw };
  }

  /** `ws-proxy certs revoke`: resolves when the command has ended. */
  revoke(issued: IssuedCertificate): Promise<void> {
    return revokeIn(this.certs, issued);
  }

  /** A list of all the certificates that is not in force yet. */
  async listWith(...all: readonly IssuedCertificate[]): Promise<string> {
    const aside = `${this.certs}-aside`;
    await cp(this.certs, aside, { recursive: true });
    for (const issued of all) await revokeIn(aside, issued);
    return readFile(join(aside, 'root.crl.pem'), 'utf8');
  }
}

async function revokeIn(dir: string, { certificate }: IssuedCertificate): Promise<void> {
  const serial = new X509Certificate(certificate).serialNumber;
  const program = runProgram('certs', 'revoke', '--dir', dir, '--serial', serial);
  if ((await program.ended) !== 0) throw new Error('certs revoke failed');
}
