import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of a test's own, gone after it. */
export class Scratch {
  readonly directory = mkdtempSync(join(tmpdir(), 'ws-proxy-'));

  path(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  /** Replaces a file the way that it should be done: by rename. */
  replace(name: string, content: string | Uint8Array): void {
    this.write(`${name}.new`, content);
    renameSync(this.path(`${name}.new`), this.path(name));
  }

  drop(name: string): void {
    rmSync(this.path(name));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
