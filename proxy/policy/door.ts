import type { RefusalLabel } from '../wire/close.js';
import { bearerOf, hasExpired, type Identity } from '../x509/identity.js';
import type { Blocks } from './limits/blocks.js';
import type { Revocations } from './lists/revocations.js';
import type { Decision } from './rules/decision.js';
import type { ExplainedPolicy, RuleAnswer } from './rules/ruling.js';

/** The door's refusal of a client. */
export interface DoorRefusal {
  readonly label: RefusalLabel;
  /** The reason in full, for operators. */
  readonly detail: string;
  /** The part of the reason that the client may know too. */
  readonly told?: string;
  /** Seconds after which another try helps, where this is known. */
  readonly retryAfter?: number;
  /** The policy rule that denied the client, if a rule did. */
  readonly rule?: string;
}

/** The seat that the door gives. */
export type Admittance = Decision & { readonly allowed: true };

export type DoorAnswer = DoorRefusal | Admittance;

/** The facts by which a certificate alone is judged. */
export interface CertificateFacts {
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  readonly revocations: Revocations;
}

/** The facts by which the door judges. If a fact is left out, its check lets everyone pass. */
export interface DoorFacts extends CertificateFacts {
  /** True while this replica takes no newcomers. */
  readonly drains?: () => boolean;
  /** True for a bearer (`bearerOf`) whose peers hold more than their share of memory, while memory is tight. */
  readonly overloads?: (bearer: string) => boolean;
  readonly blocks?: Pick<Blocks, 'check'>;
  readonly policy: ExplainedPolicy;
}

/** One step of the door before the policy: returns the reason to keep a client out, or nothing. */
export interface DoorCheck {
  readonly name: string;
  refuse(facts: DoorFacts, identity: Identity, meetupId: string): DoorRefusal | undefined;
}

/** The one order of the door's checks. After the last check, the policy decides. */
export const DOOR_CHECKS: readonly DoorCheck[] = [
  {
    name: 'drain',
    refuse: ({ drains }) => (drains?.() ? { label: 'draining', detail: 'this replica drains' } : undefined),
  },
  {
    name: 'memory',
    refuse: ({ overloads }, identity) =>
      overloads?.(bearerOf(identity))
        ? { label: 'overload', detail: 'its peers hold more than their share' }
        : undefined,
  },
  { name: 'certificate', refuse: refuseCertificate },
  { name: 'block', refuse: refuseBlocked },
];

/**
 * Decides who may come in. An upgrade, the control API's ExplainAccess and the offline `explain` get the same answer, each from the
 * facts that it has. The door does not ask whether a seat is free.
 */
export class Door {
  readonly #facts: DoorFacts;

  constructor(facts: DoorFacts) {
    this.#facts = facts;
  }

  /** Returns the first refusal in the order of the checks, or the decision of the policy. */
  judge(identity: Identity, meetupId: string): DoorAnswer {
    const refusal = refuseByChecks(this.#facts, identity, meetupId);
    return refusal ?? answerOf(this.#facts.policy.decide(identity, meetupId));
  }

  /** Gives the same answer, with the answer of each rule of the policy. */
  explain(identity: Identity, meetupId: string): DoorExplanation {
    const refusal = refuseByChecks(this.#facts, identity, meetupId);
    const { decision, rules } = this.#facts.policy.explain(identity, meetupId);
    return { answer: refusal ?? answerOf(decision), rules, isByPolicy: refusal === undefined };
  }
}

export interface DoorExplanation {
  readonly answer: DoorAnswer;
  /** Every rule, in the order of the file. */
  readonly rules: readonly RuleAnswer[];
  /** False where a check refused before the policy was asked. */
  readonly isByPolicy: boolean;
}

/**
 * The reason to refuse a certificate whatever the policy says, at the door and for the control API; undefined while the certificate is
 * good.
 */
export function refuseCertificate({ now, revocations }: CertificateFacts, identity: Identity): DoorRefusal | undefined {
  if (hasExpired(identity.notAfter, now())) {
    const since = new Date(identity.notAfter * 1000).toISOString();
    return { label: 'certificate_expired', detail: `notAfter was ${since}` };
  }
  return revocations.check(identity);
}

function refuseBlocked({ blocks, now }: DoorFacts, identity: Identity, meetupId: string): DoorRefusal | undefined {
  const at = now();
  const block = blocks?.check(identity, meetupId, at);
  if (block === undefined) return undefined;
  const { reason, until, by } = block;
  return {
    label: 'blocked',
    detail: `${reason} (until ${new Date(until).toISOString()}, by ${by})`,
    told: reason,
    retryAfter: Math.ceil((until - at) / 1000),
  };
}

function refuseByChecks(facts: DoorFacts, identity: Identity, meetupId: string): DoorRefusal | undefined {
  for (const check of DOOR_CHECKS) {
    const refusal = check.refuse(facts, identity, meetupId);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function answerOf(decision: Decision): DoorAnswer {
  if (decision.allowed) return decision;
  const { reason, rule } = decision;
  return { label: 'policy_denied', detail: reason, ...(rule !== undefined && { rule }) };
}
