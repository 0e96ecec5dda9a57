import { type FailureClass, failureClassOf, type Outcome, outcomes } from '../../wire/invocation.js';

/** Running sums over the calls of one meetup: plain numbers, which each call adds to. Times in milliseconds. */
export class CallTotals {
  /** Calls that ended, however they ended. */
  calls = 0;
  readonly failed: Record<FailureClass, number> = { not_answered: 0, answered_5xx: 0, answered_4xx: 0 };
  /** Calls that were answered; the times below are theirs. */
  answered = 0;
  proxyTotal = 0;
  proxyMost = 0;
  peerTotal = 0;
  peerMost = 0;

  /** Adds a call that ended, which an orphan response is not; returns the class of its failure. */
  add(outcome: Outcome, status: number | undefined, proxyMs: number, peerMs: number): FailureClass | undefined {
    this.calls += 1;
    const failure = failureClassOf(outcome, status);
    if (failure !== undefined) this.failed[failure] += 1;
    if (failure === 'not_answered' || !outcomes[outcome].timed) return failure;
    this.answered += 1;
    this.proxyTotal += proxyMs;
    this.peerTotal += peerMs;
    if (proxyMs > this.proxyMost) this.proxyMost = proxyMs;
    if (peerMs > this.peerMost) this.peerMost = peerMs;
    return failure;
  }
}
