import type { Identity } from '../../x509/identity.js';
import { DenyList, MAX_DENY_LIST_BYTES, readDenyList } from './deny-list.js';
import { type FileObserver, LastGoodFile, type Reading } from './last-good-file.js';
import { readBeside } from './reading-job.js';
import type { Revocation, Revocations } from './revocations.js';

/** The deny list in force, from a watched file. */
export class DenyListFile implements Revocations {
  readonly #file: LastGoodFile<DenyList>;

  private constructor(file: LastGoodFile<DenyList>) {
    this.#file = file;
  }

  /** Reads the file and watches it from then on. Throws UnusableFile, with one line for each fault. */
  static async open(path: string, observer: FileObserver): Promise<DenyListFile> {
    const read = async (content: Buffer, inForce: DenyList | undefined): Promise<Reading<DenyList>> => {
      if (inForce === undefined) return readDenyList(path, content);
      const keys = await readBeside({ t: 'deny_list', path, content });
      return 'ok' in keys ? { ok: new DenyList(new Set(JSON.parse(keys.ok) as string[])) } : { fault: keys.fault };
    };
    return new DenyListFile(await LastGoodFile.open(path, MAX_DENY_LIST_BYTES, read, observer));
  }

  get size(): number {
    return this.#file.value.size;
  }

  /** The reason why the present file is not in force; undefined while it is. */
  get fault(): string | undefined {
    return this.#file.fault;
  }

  check(identity: Identity): Revocation | undefined {
    return this.#file.value.check(identity);
  }

  close(): void {
    this.#file.close();
  }
}
