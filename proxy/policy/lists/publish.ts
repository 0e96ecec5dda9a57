import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

/** Writes one content after another to a path, and reports failures. */
export class Publisher {
  readonly #path: string;
  readonly #failed: (why: string) => void;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string, failed: (why: string) => void) {
    this.#path = path;
    this.#failed = failed;
  }

  /** Resolves when all content so far is in place or its failure is reported. Never rejects. */
  get settled(): Promise<void> {
    return this.#last;
  }

  put(content: Buffer): void {
    this.#last = this.#last
      .then(() => publish(this.#path, content))
      .catch((error: unknown) => this.#failed(`${this.#path} cannot be written (${(error as Error).message})`));
  }
}

/** Replaces a file in one step: a reader, or a watcher of its directory, sees the old content or the new one. */
export async function publish(path: string, content: Buffer): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(draft, 'wx', 0o644);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
