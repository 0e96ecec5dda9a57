import { DerFault } from '../../x509/encoding/der.js';
import type { Identity } from '../../x509/identity.js';
import {
  type ListFile,
  listsIn,
  MAX_CRL_BYTES,
  NO_AUTHORITY,
  type RevocationList,
  walkLists,
} from '../../x509/lists/crl.js';
import type { CrlAuthority } from '../../x509/lists/crl-authorities.js';
import { judgeLists, staleAmong } from '../../x509/lists/crl-checks.js';
import { inSlices } from '../rules/slices.js';
import { type FileObserver, LastGoodFile, type Reading } from './last-good-file.js';
import { Publisher } from './publish.js';
import { readBeside } from './reading-job.js';
import { type Revocation, type Revocations, revokedBy } from './revocations.js';

/**
 * Hears of the revocation lists. `refused` also tells that the list in force went stale, or that a list is left out because its
 * authority is not known. This is urgent: an edge that reads a broken or stale list turns every newcomer away.
 */
export interface CrlObserver extends FileObserver {
  /**
   * Tells at the start that the list begins later than now, by this machine's clock, and that nothing is in force until then. Called
   * once.
   */
  waiting(why: string): void;
}

export interface CrlOptions {
  readonly path: string;
  /** The authorities that may sign lists; without them no signature is checked. */
  readonly authorities?: readonly CrlAuthority[];
  /**
   * The path to which each list that passed the checks is copied, by rename. Envoy refuses everybody while its list is broken or stale,
   * and reports nothing. An Envoy that reads this copy never gets a bad list.
   */
  readonly stage?: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly now?: () => number;
}

/** The facts about a list in force that metrics show. */
export type CrlStatus = Pick<RevocationList, 'issuer' | 'thisUpdate' | 'nextUpdate'> & { readonly entries: number };

type Lists = readonly RevocationList[];

/**
 * Time between two checks of the lists against the clock, milliseconds. As time passes, or the clock is set, a list can go stale, or a
 * list that was too early can begin.
 */
const LOOK_MS = 1000;

/** The revocation lists in force, from a watched file. */
export class CrlFile implements Revocations {
  readonly #options: CrlOptions;
  readonly #observer: CrlObserver;
  readonly #publisher: Publisher | undefined;
  #file: LastGoodFile<Lists> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The time at which the refused list begins, seconds since the epoch. */
  #fitFrom: number | undefined;
  #isStaleTold = false;
  /** Content that is in force but not staged, because it was stale by the clock when it was read. */
  #unstaged: Buffer | undefined;
  #isWaiting = false;
  #begin: () => void = () => {};
  /** Resolves when lists are in force: at once, unless the lists at the start begin later. */
  readonly begun = new Promise<void>((resolve) => {
    this.#begin = resolve;
  });
  /** The reason why a list of the file in force is left out. */
  #leftOut: string | undefined;

  private constructor(options: CrlOptions, observer: CrlObserver) {
    this.#options = options;
    this.#observer = observer;
    const { stage } = options;
    this.#publisher = stage === undefined ? undefined : new Publisher(stage, (why) => observer.refused(why));
  }

  /**
   * Reads the file and watches it from then on. A list that is stale at the start is in force all the same, because its revocations
   * still hold; it is reported and not staged. If a list begins later, most often because the clock is behind, `begun` waits for it.
   * Throws UnusableFile when the file is broken or not signed by an authority.
   */
  static async open(options: CrlOptions, observer: CrlObserver): Promise<CrlFile> {
    const crl = new CrlFile(options, observer);
    const read = (content: Buffer, inForce: Lists | undefined): Promise<Reading<Lists>> => crl.#read(content, inForce);
    crl.#file = await LastGoodFile.open(options.path, MAX_CRL_BYTES, read, {
      changed: () => crl.#changed(),
      refused: (why) => observer.refused(why),
    });
    crl.#timer = setInterval(() => crl.#look(), LOOK_MS).unref();
    const { fault } = crl.#file;
    crl.#isWaiting = fault !== undefined;
    if (fault === undefined) crl.#begin();
    else observer.waiting(fault);
    crl.#look();
    await crl.staged;
    return crl;
  }

  check(identity: Identity): Revocation | undefined {
    return revokedBy(this.#lists, identity);
  }

  get status(): readonly CrlStatus[] {
    return this.#lists.map(({ issuer, thisUpdate, nextUpdate, serials }) => {
      return { issuer, thisUpdate, nextUpdate, entries: serials.size };
    });
  }

  /** The reason why the present file is not in force, or only in part, or why the lists in force are stale; undefined while all is well. */
  get fault(): string | undefined {
    return this.#file?.fault ?? staleAmong(this.#lists, this.#now) ?? this.#leftOut;
  }

  /** The reason why nothing is in force yet, after a start with a list that begins later; undefined once `begun` has resolved. */
  get waiting(): string | undefined {
    return this.#isWaiting ? this.fault : undefined;
  }

  /** Resolves when the list in force is staged, or the failure is reported. */
  get staged(): Promise<void> {
    return this.#publisher?.settled ?? Promise.resolve();
  }

  /** Stops watching; resolves when no write is under way any more. */
  close(): Promise<void> {
    clearInterval(this.#timer);
    this.#file?.close();
    return this.staged;
  }

  get #lists(): Lists {
    return this.#file?.value ?? [];
  }

  /** Wall clock, seconds since the epoch. */
  get #now(): number {
    return (this.#options.now ?? Date.now)() / 1000;
  }

  async #read(content: Buffer, inForce: Lists | undefined): Promise<Reading<Lists>> {
    const { path } = this.#options;
    this.#fitFrom = undefined;
    const file = await this.#open(content, inForce);
    if ('fault' in file) return { fault: `${path}: not a revocation list that can be used: ${file.fault}` };
    const { lists, strangers, content: whole } = file.ok;
    const unfit = judgeLists(lists, inForce, this.#now);
    if (unfit !== undefined) {
      const fault = `${path}: the list ${unfit.fault}`;
      this.#fitFrom = unfit.fitFrom;
      return unfit.fitFrom === undefined ? { fault } : { fault, meanwhile: [] };
    }
    this.#unstaged = lists.length === 0 ? undefined : whole;
    this.#stage(lists);
    this.#leaveOut(strangers);
    return { ok: lists };
  }

  async #open(content: Buffer, inForce: Lists | undefined): Promise<Reading<ListFile>> {
    const { path, authorities } = this.#options;
    try {
      if (inForce === undefined) return { ok: listsIn(content, authorities) };
      const opened = await readBeside({ t: 'crl', path, content, authorities });
      if ('fault' in opened) return { fault: opened.fault };
      const isOfStrangers = opened.ok.lists.length === 0 && inForce.length > 0;
      return isOfStrangers ? { fault: NO_AUTHORITY } : { ok: await inSlices(walkLists(opened.ok)) };
    } catch (error) {
      if (error instanceof DerFault) return { fault: error.message };
      throw error;
    }
  }

  /** Stages the content in force, unless it is stale: an edge that reads a stale list turns every newcomer away. */
  #stage(lists: Lists): void {
    if (this.#unstaged === undefined || staleAmong(lists, this.#now) !== undefined) return;
    this.#publisher?.put(this.#unstaged);
    this.#unstaged = undefined;
  }

  /** Leaves out the lists of unknown authorities: one authority's list must not stand in the way of another's revocations. */
  #leaveOut(strangers: readonly string[]): void {
    const names = strangers.map((name) => JSON.stringify(name)).join(' and ');
    this.#leftOut =
      strangers.length === 0
        ? undefined
        : `${this.#options.path}: the list of ${names} is left out: its issuer is none of the authorities given (--crl-ca)`;
    if (this.#leftOut !== undefined) this.#observer.refused(this.#leftOut);
  }

  #changed(): void | Promise<void> {
    this.#isStaleTold = false;
    this.#isWaiting = false;
    this.#begin();
    return this.#observer.changed();
  }

  #look(): void {
    if (this.#fitFrom !== undefined && this.#fitFrom <= this.#now) {
      this.#fitFrom = undefined;
      this.#file?.retry();
    }
    this.#stage(this.#lists);
    const stale = staleAmong(this.#lists, this.#now);
    if (stale === undefined || this.#isStaleTold) return;
    this.#isStaleTold = true;
    this.#observer.refused(`${this.#options.path}: the list in force ${stale}`);
  }
}
