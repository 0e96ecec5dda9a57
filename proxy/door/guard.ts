import { type CertificateFacts, refuseCertificate } from '../policy/door.js';
import { CrlFile, type CrlOptions } from '../policy/lists/crl-file.js';
import { DenyListFile } from '../policy/lists/deny-list-file.js';
import { UnusableFile } from '../policy/lists/last-good-file.js';
import { anyOf, type Revocations } from '../policy/lists/revocations.js';
import { readBounded, UnreadableFile } from '../policy/lists/watched-file.js';
import { PolicyFile } from '../policy/policy-file.js';
import { ANY_VERIFIED, anyVerified } from '../policy/rules/any-verified.js';
import { type ControlRights, NO_RIGHTS, type Rights } from '../policy/rules/rights.js';
import type { ExplainedPolicy } from '../policy/rules/ruling.js';
import type { Clock } from '../ports/clock.js';
import type { Admission } from '../session/life/admission.js';
import type { Verdict } from '../session/verdict.js';
import { DerFault } from '../x509/encoding/der.js';
import type { Identity } from '../x509/identity.js';
import { authoritiesIn, type CrlAuthority, MAX_AUTHORITIES_BYTES } from '../x509/lists/crl-authorities.js';

export interface GuardFiles {
  /** Policy file, or `any-verified`. */
  readonly policy: string | undefined;
  readonly crl: string | undefined;
  readonly crlCa: string | undefined;
  readonly crlStage: string | undefined;
  readonly denyList: string | undefined;
}

/** The files that admission depends on, by their names in logs and metrics. */
export type GuardFile = 'policy' | 'crl' | 'deny_list';

export interface GuardObserver {
  /** A later version is in force. Peers that it no longer allows must be ended when this resolves. */
  changed(file: GuardFile): Promise<void>;
  /** The file cannot be used and the last good version stays in force; one line for each fault. */
  refused(file: GuardFile, why: string): void;
  /** The revocation list at the start begins in the future, and nobody may be served until it does. */
  waiting(why: string): void;
}

/** Decides by policy, revocations and clock who may be connected: at the door, and again for each live peer after a change. */
export class Guard implements ControlRights {
  readonly policy: ExplainedPolicy;
  readonly revocations: Revocations;
  /** Absent for `any-verified`. */
  readonly policyFile: PolicyFile | undefined;
  readonly crl: CrlFile | undefined;
  readonly denyList: DenyListFile | undefined;
  readonly #certificates: CertificateFacts;

  private constructor(clock: Clock, policyFile?: PolicyFile, crl?: CrlFile, denyList?: DenyListFile) {
    this.policyFile = policyFile;
    this.crl = crl;
    this.denyList = denyList;
    this.policy = policyFile ?? anyVerified;
    this.revocations = anyOf([crl, denyList].filter((one) => one !== undefined));
    this.#certificates = { now: () => clock.now(), revocations: this.revocations };
  }

  /** Reads every file and watches it from then on. Throws UnusableFile when a file has no good version yet. */
  static async open(files: GuardFiles, clock: Clock, observer: GuardObserver): Promise<Guard> {
    if (files.policy === undefined) {
      throw new UnusableFile(
        `--policy is missing: name a policy file, or say --policy ${ANY_VERIFIED} to let every verified certificate sit anywhere`,
      );
    }
    const told = (file: GuardFile) => ({
      changed: () => observer.changed(file),
      refused: (why: string) => observer.refused(file, why),
      waiting: (why: string) => observer.waiting(why),
    });
    const opened: { close(): void | Promise<void> }[] = [];
    const keep = <T extends { close(): void | Promise<void> }>(one: T): T => {
      opened.push(one);
      return one;
    };
    try {
      const policy =
        files.policy === ANY_VERIFIED ? undefined : keep(await PolicyFile.open(files.policy, told('policy')));
      const crl =
        files.crl === undefined ? undefined : keep(await CrlFile.open(await crlOptions(files.crl, files), told('crl')));
      const denyList =
        files.denyList === undefined ? undefined : keep(await DenyListFile.open(files.denyList, told('deny_list')));
      return new Guard(clock, policy, crl, denyList);
    } catch (error) {
      for (const one of opened) await one.close();
      throw error;
    }
  }

  /** Resolves when every file has a version in force; nobody may be served before. */
  get begun(): Promise<void> {
    return this.crl?.begun ?? Promise.resolve();
  }

  /** The reason for which the guard waits, in words; undefined once `begun` has resolved. */
  get waiting(): string | undefined {
    return this.crl?.waiting;
  }

  /** Rights of the control API. A certificate that is expired or revoked has none, however long its connection has been open. */
  rightsOf(identity: Identity): Rights {
    if (refuseCertificate(this.#certificates, identity) !== undefined) return NO_RIGHTS;
    return this.policyFile?.rightsOf(identity) ?? NO_RIGHTS;
  }

  /** The reason to end a live peer; undefined while the peer may stay. */
  verdict({ identity, meetupId }: Admission): Verdict | undefined {
    const closed = this.revocations.check(identity);
    if (closed !== undefined) return { label: closed.label };
    return this.policy.decide(identity, meetupId).allowed ? undefined : { label: 'policy_denied' };
  }

  /** Stops watching; resolves when no write is under way. */
  async close(): Promise<void> {
    await Promise.all([this.policyFile, this.crl, this.denyList].map((file) => file?.close()));
  }
}

async function crlOptions(path: string, { crlCa, crlStage }: GuardFiles): Promise<CrlOptions> {
  const stage = crlStage === undefined ? {} : { stage: crlStage };
  return crlCa === undefined ? { path, ...stage } : { path, ...stage, authorities: await readAuthorities(crlCa) };
}

async function readAuthorities(path: string): Promise<readonly CrlAuthority[]> {
  try {
    return authoritiesIn((await readBounded(path, MAX_AUTHORITIES_BYTES)).toString('latin1'));
  } catch (error) {
    if (error instanceof UnreadableFile) throw new UnusableFile(`--crl-ca ${error.message}`);
    if (error instanceof DerFault) throw new UnusableFile(`--crl-ca ${path}: ${error.message}`);
    throw error;
  }
}
