import { createHash } from 'node:crypto';
import type { Identity } from '../x509/identity.js';
import { type FileObserver, LastGoodFile, type Reading } from './lists/last-good-file.js';
import { readBeside } from './lists/reading-job.js';
import { compileJson, compilePolicy } from './rules/compile.js';
import type { Decision } from './rules/decision.js';
import type { ControlRights, Rights } from './rules/rights.js';
import type { CompiledPolicy, ExplainedPolicy, Explanation, Mode } from './rules/ruling.js';
import { MAX_POLICY_BYTES } from './rules/schema.js';
import { inSlices } from './rules/slices.js';
import { describeFaults } from './rules/yaml-document.js';

interface PolicyInForce {
  readonly policy: CompiledPolicy;
  readonly digest: string;
  readonly loadedAt: number;
}

/** The policy in force, from a watched file. */
export class PolicyFile implements ExplainedPolicy, ControlRights {
  readonly #file: LastGoodFile<PolicyInForce>;

  private constructor(file: LastGoodFile<PolicyInForce>) {
    this.#file = file;
  }

  /**
   * Reads the file and watches it from then on. Throws UnusableFile; its message and `refused` have one line for each fault: file,
   * line, column and what is wrong.
   */
  static async open(path: string, observer: FileObserver): Promise<PolicyFile> {
    const read = async (content: Buffer, inForce: PolicyInForce | undefined): Promise<Reading<PolicyInForce>> => {
      const policy = inForce === undefined ? readPolicy(path, content) : await readPolicyBeside(path, content);
      if ('fault' in policy) return { fault: policy.fault };
      return {
        ok: { policy: policy.ok, digest: createHash('sha256').update(content).digest('hex'), loadedAt: Date.now() },
      };
    };
    return new PolicyFile(await LastGoodFile.open(path, MAX_POLICY_BYTES, read, observer));
  }

  /** SHA-256 of the file in force, lower-case hex. */
  get digest(): string {
    return this.#file.value.digest;
  }

  /** The time when this policy came into force, milliseconds since the epoch. */
  get loadedAt(): number {
    return this.#file.value.loadedAt;
  }

  /** Reads the file now, without waiting for an event; the observer hears of a change before this resolves. */
  async reload(): Promise<{ readonly changed: boolean } | { readonly refused: string }> {
    const before = this.digest;
    const refused = await this.#file.reload();
    return refused === undefined ? { changed: this.digest !== before } : { refused };
  }

  get mode(): Mode {
    return this.#file.value.policy.mode;
  }

  get ruleCount(): number {
    return this.#file.value.policy.ruleCount;
  }

  /** The reason why the present file is not in force; undefined while it is. */
  get fault(): string | undefined {
    return this.#file.fault;
  }

  decide(identity: Identity, meetupId: string): Decision {
    return this.#file.value.policy.decide(identity, meetupId);
  }

  explain(identity: Identity, meetupId: string): Explanation {
    return this.#file.value.policy.explain(identity, meetupId);
  }

  rightsOf(identity: Identity): Rights {
    return this.#file.value.policy.rightsOf(identity);
  }

  close(): void {
    this.#file.close();
  }
}

/** Reads the content of a policy file. A fault has one line for each thing that is wrong, each with its place. */
export function readPolicy(path: string, content: Buffer): Reading<CompiledPolicy> {
  const compiled = compilePolicy(content.toString('utf8'));
  return 'ok' in compiled ? compiled : { fault: describeFaults(path, compiled.faults) };
}

/** Does the work of `readPolicy` without holding up the event loop. */
async function readPolicyBeside(path: string, content: Buffer): Promise<Reading<CompiledPolicy>> {
  const json = await readBeside({ t: 'policy', path, content });
  return 'ok' in json ? { ok: await inSlices(compileJson(json.ok)) } : { fault: json.fault };
}
