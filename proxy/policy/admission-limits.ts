import type { Identity } from '../wire/identity.js';
import type { Limits } from './decision.js';

export interface TooMany {
  readonly label: 'identity_full' | 'connect_rate' | 'greeting_full';
  readonly detail: string;
  readonly retryAfter?: number;
}

/** Connections of each identity, counted. */
export class AdmissionLimits {
  readonly #connections = new Map<string, number>();
  readonly #max: number;

  constructor(maxConnectionsPerIdentity: number) {
    this.#max = maxConnectionsPerIdentity;
  }

  admit(identity: Identity, limits: Limits, _now: number): TooMany | undefined {
    const count = this.#connections.get(identity.fingerprint) ?? 0;
    const max = limits.connections ?? this.#max;
    if (count >= max) return { label: 'identity_full', detail: `${max} connections` };
    this.#connections.set(identity.fingerprint, count + 1);
    return undefined;
  }

  greeted(_fingerprint: string): void {}

  left(fingerprint: string, _greeted: boolean): void {
    const count = (this.#connections.get(fingerprint) ?? 0) - 1;
    if (count > 0) this.#connections.set(fingerprint, count);
    else this.#connections.delete(fingerprint);
  }
}
