import type { Identity } from '../wire/identity.js';
import { compilePolicy } from './compile.js';
import type { Decision, Policy } from './decision.js';
import type { ControlRights, Rights } from './rights.js';
import type { CompiledPolicy, Explanation, Mode } from './ruling.js';
import { MAX_POLICY_BYTES } from './schema.js';
import { UnreadableFile, WatchedFile } from './watched-file.js';
import { describeFaults } from './yaml-document.js';

/** The policy file cannot be used; the message has one line for each fault: file, line, column and what is wrong. */
export class PolicyFileFault extends Error {}

export interface PolicyObserver {
  /** Another policy is in force: whoever it no longer allows must go. */
  changed(policy: PolicyFile): void;
  /** The file cannot be used, the last good one stays in force; the text is for people, one line for each fault. */
  refused(why: string): void;
}

/** The policy in force, from a file that is watched. */
export class PolicyFile implements Policy, ControlRights {
  readonly path: string;
  #policy: CompiledPolicy;
  #fault: string | undefined;
  #file: WatchedFile | undefined;

  private constructor(path: string, policy: CompiledPolicy) {
    this.path = path;
    this.#policy = policy;
  }

  /** Reads the file and watches it from then on. Throws PolicyFileFault: without a first good policy nothing may start. */
  static async open(path: string, observer: PolicyObserver): Promise<PolicyFile> {
    try {
      const [file, content] = await WatchedFile.open(path, MAX_POLICY_BYTES, {
        changed: (next) => policy.#swap(next, observer),
        unreadable: (why) => policy.#refuse(why, observer),
      });
      const compiled = compile(path, content);
      if ('fault' in compiled) file.close();
      if ('fault' in compiled) throw new PolicyFileFault(compiled.fault);
      const policy = new PolicyFile(path, compiled.ok);
      policy.#file = file;
      return policy;
    } catch (error) {
      throw error instanceof UnreadableFile ? new PolicyFileFault(error.message) : error;
    }
  }

  get mode(): Mode {
    return this.#policy.mode;
  }

  get ruleCount(): number {
    return this.#policy.ruleCount;
  }

  /** Why the file as it is now is not in force, or undefined while it is. */
  get fault(): string | undefined {
    return this.#fault;
  }

  decide(identity: Identity, meetupId: string): Decision {
    return this.#policy.decide(identity, meetupId);
  }

  explain(identity: Identity, meetupId: string): Explanation {
    return this.#policy.explain(identity, meetupId);
  }

  rightsOf(identity: Identity): Rights {
    return this.#policy.rightsOf(identity);
  }

  close(): void {
    this.#file?.close();
  }

  #swap(content: Buffer, observer: PolicyObserver): void {
    const compiled = compile(this.path, content);
    if ('fault' in compiled) {
      this.#refuse(compiled.fault, observer);
      return;
    }
    this.#policy = compiled.ok;
    this.#fault = undefined;
    observer.changed(this);
  }

  #refuse(why: string, observer: PolicyObserver): void {
    this.#fault = why;
    observer.refused(why);
  }
}

function compile(path: string, content: Buffer): { readonly ok: CompiledPolicy } | { readonly fault: string } {
  const compiled = compilePolicy(content.toString('utf8'));
  return 'ok' in compiled ? compiled : { fault: describeFaults(path, compiled.faults) };
}
