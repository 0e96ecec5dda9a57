import { type MetricName, WATCHED_CERTIFICATES, type WatchedCertificate } from './metric-table.js';
import { type Sample, sampleOf, samplesBy } from './sample.js';

interface Loads {
  ok: number;
  failed: number;
  valid: boolean;
}

/** Values that other parts of the service report of themselves. Times are Unix seconds. */
export class Gauges {
  readonly #policy: Loads & { loadedAt: number } = { ok: 0, failed: 0, valid: false, loadedAt: 0 };
  readonly #crl: Loads & { thisUpdate: number; nextUpdate: number; revoked: number } = {
    ok: 0,
    failed: 0,
    valid: false,
    thisUpdate: 0,
    nextUpdate: 0,
    revoked: 0,
  };
  readonly #expiries = new Map<WatchedCertificate, number>();
  #digest = '';
  #limits = { connections: 0, sessions: 0 };
  #draining = false;
  #watchers = 0;
  #faults = 0;

  /** The policy was loaded, or failed to load and the previous policy stays in force. */
  policyLoaded(at: number, ok: boolean): void {
    note(this.#policy, ok);
    if (ok) this.#policy.loadedAt = at;
  }

  /** Digest of the policy file in force, hex. */
  policyDigest(digest: string): void {
    this.#digest = digest;
  }

  /** The revocation list was loaded; `nextUpdate` is 0 where the list has none. */
  crlLoaded(revoked: number, thisUpdate: number, nextUpdate: number): void {
    note(this.#crl, true);
    this.#crl.revoked = revoked;
    this.#crl.thisUpdate = thisUpdate;
    this.#crl.nextUpdate = nextUpdate;
  }

  /** The revocation list could not be loaded; the previous list stays in force. */
  crlFailed(): void {
    note(this.#crl, false);
  }

  /** `undefined` when there is no such certificate any more. */
  certificateExpires(which: WatchedCertificate, notAfter: number | undefined): void {
    if (notAfter === undefined) this.#expiries.delete(which);
    else this.#expiries.set(which, notAfter);
  }

  limits(connections: number, sessions: number): void {
    this.#limits = { connections, sessions };
  }

  draining(is: boolean): void {
    this.#draining = is;
  }

  /** Number of watch streams that are open now. */
  watchers(count: number): void {
    this.#watchers = count;
  }

  /** A fault of our own was contained. */
  fault(): void {
    this.#faults += 1;
  }

  samples(): [MetricName, Sample[]][] {
    const policy = this.#policy;
    const crl = this.#crl;
    return [
      ['ws_proxy.connections.limit', sampleOf(this.#limits.connections)],
      ['ws_proxy.sessions.limit', sampleOf(this.#limits.sessions)],
      ['ws_proxy.draining', sampleOf(Number(this.#draining))],
      ['ws_proxy.policy.reloads', results(policy)],
      ['ws_proxy.policy.valid', sampleOf(Number(policy.valid))],
      ['ws_proxy.policy.digest', this.#digest === '' ? [] : samplesBy('digest', [[this.#digest.slice(0, 16), 1]])],
      ['ws_proxy.policy.loaded_time', sampleOf(policy.loadedAt)],
      ['ws_proxy.crl.reloads', results(crl)],
      ['ws_proxy.crl.valid', sampleOf(Number(crl.valid))],
      ['ws_proxy.crl.next_update_time', sampleOf(crl.nextUpdate)],
      ['ws_proxy.crl.this_update_time', sampleOf(crl.thisUpdate)],
      ['ws_proxy.crl.revoked', sampleOf(crl.revoked)],
      ['ws_proxy.certificate.expiry_time', this.#certificates()],
      ['ws_proxy.control.watchers', sampleOf(this.#watchers)],
      ['ws_proxy.faults', sampleOf(this.#faults)],
    ];
  }

  #certificates(): Sample[] {
    const known = WATCHED_CERTIFICATES.flatMap((which) => {
      const notAfter = this.#expiries.get(which);
      return notAfter === undefined ? [] : [[which, notAfter] as const];
    });
    return samplesBy('certificate', known);
  }
}

function note(loads: Loads, ok: boolean): void {
  loads[ok ? 'ok' : 'failed'] += 1;
  loads.valid = ok;
}

function results({ ok, failed }: Loads): Sample[] {
  return samplesBy('result', Object.entries({ ok, failed }));
}
