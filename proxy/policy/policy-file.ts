import type { Identity } from '../wire/identity.js';
import { compilePolicy } from './compile.js';
import type { Decision, Policy } from './decision.js';
import { LastGoodFile, type Reading } from './last-good-file.js';
import type { ControlRights, Rights } from './rights.js';
import type { CompiledPolicy, Explanation, Mode } from './ruling.js';
import { MAX_POLICY_BYTES } from './schema.js';
import { describeFaults } from './yaml-document.js';

export interface PolicyObserver {
  /** Another policy is in force: whoever it no longer allows must go. */
  changed(): void;
  /** The file cannot be used, the last good one stays in force; one line for each fault: file, line, column and what is wrong. */
  refused(why: string): void;
}

/** The policy in force, from a file that is watched. */
export class PolicyFile implements Policy, ControlRights {
  readonly #file: LastGoodFile<CompiledPolicy>;

  private constructor(file: LastGoodFile<CompiledPolicy>) {
    this.#file = file;
  }

  /** Reads the file and watches it from then on. Throws UnusableFile, with one line for each fault. */
  static async open(path: string, observer: PolicyObserver): Promise<PolicyFile> {
    return new PolicyFile(
      await LastGoodFile.open(path, MAX_POLICY_BYTES, (content) => readPolicy(path, content), observer),
    );
  }

  get mode(): Mode {
    return this.#file.value.mode;
  }

  get ruleCount(): number {
    return this.#file.value.ruleCount;
  }

  /** Why the file as it is now is not in force; undefined while it is. */
  get fault(): string | undefined {
    return this.#file.fault;
  }

  decide(identity: Identity, meetupId: string): Decision {
    return this.#file.value.decide(identity, meetupId);
  }

  explain(identity: Identity, meetupId: string): Explanation {
    return this.#file.value.explain(identity, meetupId);
  }

  rightsOf(identity: Identity): Rights {
    return this.#file.value.rightsOf(identity);
  }

  close(): void {
    this.#file.close();
  }
}

/** Reads a policy file's content; the fault has one line for each fault, each with its place. */
export function readPolicy(path: string, content: Buffer): Reading<CompiledPolicy> {
  const compiled = compilePolicy(content.toString('utf8'));
  return 'ok' in compiled ? compiled : { fault: describeFaults(path, compiled.faults) };
}
