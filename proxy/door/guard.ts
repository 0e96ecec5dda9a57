import { type CertificateFacts, refuseCertificate } from '../policy/door.js';
import { CrlFile, type CrlObserver, type CrlOptions } from '../policy/lists/crl-file.js';
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
import type { Steering, Verdict } from '../session/steering.js';
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

/** Hears of the files that admission depends on. */
export interface GuardListener {
  /** A version of the file is in force, the first or a later one. */
  loaded(file: GuardFile, guard: Guard): void;
  /** A later version is in force, and ended that many connections. */
  reloaded(file: GuardFile, ended: number): void;
  /** The file cannot be used and the last good version stays in force; one line for each fault. */
  refused(file: GuardFile, why: string): void;
  /** The revocation list at the start begins in the future, and nobody may be served until it does. */
  waiting(why: string): void;
}

export interface GuardParts {
  readonly files: GuardFiles;
  readonly clock: Clock;
  readonly steering: Steering;
  readonly listener: GuardListener;
}

/**
 * Decides by policy and revocations who may be connected. The door asks it, and a later version of a file ends the live peers that it no
 * longer allows.
 */
export class Guard implements ControlRights {
  readonly policy: ExplainedPolicy;
  readonly revocations: Revocations;
  /** Absent for `any-verified`. */
  readonly policyFile: PolicyFile | undefined;
  readonly crl: CrlFile | undefined;
  readonly denyList: DenyListFile | undefined;
  readonly #certificates: CertificateFacts;
  #ended = 0;

  private constructor(clock: Clock, { policyFile, crl, denyList }: OpenFiles) {
    this.policyFile = policyFile;
    this.crl = crl;
    this.denyList = denyList;
    this.policy = policyFile ?? anyVerified;
    this.revocations = anyOf([crl, denyList].filter((one) => one !== undefined));
    this.#certificates = { now: () => clock.now(), revocations: this.revocations };
  }

  /** Reads every file and watches it from then on. Throws UnusableFile when a file has no good version yet. */
  static async open({ files, clock, steering, listener }: GuardParts): Promise<Guard> {
    let guard: Guard | undefined;
    const observer = (file: GuardFile): CrlObserver => ({
      // A file may change while the next file is opened, before there is any peer to end.
      changed: () => (guard === undefined ? undefined : guard.#enforce(file, steering, listener)),
      refused: (why) => listener.refused(file, why),
      waiting: (why) => listener.waiting(why),
    });
    guard = new Guard(clock, await openFiles(files, observer));
    for (const file of ['policy', 'crl'] as const) listener.loaded(file, guard);
    return guard;
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

  /** Connections that changes of the files have ended so far. */
  get ended(): number {
    return this.#ended;
  }

  /** Stops watching; resolves when no write is under way. */
  async close(): Promise<void> {
    await Promise.all([this.policyFile, this.crl, this.denyList].map((file) => file?.close()));
  }

  /** Ends every peer that a later version no longer allows. Judges in slices, since there may be many peers and a large policy. */
  async #enforce(file: GuardFile, steering: Steering, listener: GuardListener): Promise<void> {
    const ended = await steering.sweepInSlices((admission) => this.#verdict(admission));
    this.#ended += ended;
    listener.loaded(file, this);
    listener.reloaded(file, ended);
  }

  /** The reason to end a live peer; undefined while the peer may stay. */
  #verdict({ identity, meetupId }: Admission): Verdict | undefined {
    const revoked = this.revocations.check(identity);
    if (revoked !== undefined) return { label: revoked.label };
    return this.policy.decide(identity, meetupId).allowed ? undefined : { label: 'policy_denied' };
  }
}

interface OpenFiles {
  readonly policyFile?: PolicyFile | undefined;
  readonly crl?: CrlFile | undefined;
  readonly denyList?: DenyListFile | undefined;
}

/** Opens the files that are named; if one cannot be used, none stays open. */
async function openFiles(files: GuardFiles, observer: (file: GuardFile) => CrlObserver): Promise<OpenFiles> {
  const { policy, crl, denyList } = files;
  if (policy === undefined) {
    throw new UnusableFile(
      `--policy is missing: name a policy file, or say --policy ${ANY_VERIFIED} to let every verified certificate sit anywhere`,
    );
  }
  const open: { -readonly [Name in keyof OpenFiles]: OpenFiles[Name] } = {};
  try {
    if (policy !== ANY_VERIFIED) open.policyFile = await named('--policy', PolicyFile.open(policy, observer('policy')));
    if (crl !== undefined) open.crl = await named('--crl', CrlFile.open(await crlOptions(crl, files), observer('crl')));
    if (denyList !== undefined)
      open.denyList = await named('--deny-list', DenyListFile.open(denyList, observer('deny_list')));
    return open;
  } catch (error) {
    for (const file of Object.values(open)) await file?.close();
    throw error;
  }
}

/** Names the option of a file that cannot be read; the fault of one that is read stands at its line, and not in the option. */
async function named<T>(option: string, opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    const isUnread = error instanceof UnusableFile && error.cause instanceof UnreadableFile;
    throw isUnread ? new UnusableFile(`${error.message} (${option})`) : error;
  }
}

/** How a file of revocation lists is read. Throws UnusableFile for a file of authorities that cannot be read. */
export async function crlOptions(
  path: string,
  { crlCa, crlStage }: Pick<GuardFiles, 'crlCa' | 'crlStage'>,
): Promise<CrlOptions> {
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
