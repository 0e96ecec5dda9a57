import { Histogram } from './histogram.js';
import {
  type MetricName,
  RPC_CODES,
  RPC_SECONDS,
  WATCHED_CERTIFICATES,
  type WatchedCertificate,
} from './metric-table.js';
import type { Sample } from './prometheus.js';

type RpcCode = (typeof RPC_CODES)[number];

interface Loads {
  ok: number;
  failed: number;
  valid: boolean;
}

/** What other parts of the service report of themselves. Times are Unix seconds. */
export class Gauges {
  readonly #policy: Loads & { loadedAt: number } = { ok: 0, failed: 0, valid: false, loadedAt: 0 };
  readonly #crl: Loads & { nextUpdate: number; revoked: number } = {
    ok: 0,
    failed: 0,
    valid: false,
    nextUpdate: 0,
    revoked: 0,
  };
  readonly #expiries = new Map<WatchedCertificate, number>();
  readonly #rpcMethods: ReadonlySet<string>;
  readonly #rpcs = new Map<string, { readonly labels: Record<string, string>; readonly histogram: Histogram }>();
  #limits = { connections: 0, sessions: 0 };
  #draining = false;
  #watchers = 0;
  #faults = 0;

  /** @param rpcMethods full names of the control API’s methods, `package.Service/Method` */
  constructor(rpcMethods: readonly string[] = []) {
    this.#rpcMethods = new Set(rpcMethods);
  }

  /** The policy was loaded, or failed to: then the one before stays in force. */
  policyLoaded(at: number, ok: boolean): void {
    note(this.#policy, ok);
    if (ok) this.#policy.loadedAt = at;
  }

  /** The revocation list was loaded; `nextUpdate` is 0 where it names none. */
  crlLoaded(revoked: number, nextUpdate: number): void {
    note(this.#crl, true);
    this.#crl.revoked = revoked;
    this.#crl.nextUpdate = nextUpdate;
  }

  /** The revocation list could not be loaded: the one before stays in force. */
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

  /** Open watch streams, now. */
  watchers(count: number): void {
    this.#watchers = count;
  }

  /** A fault of our own was contained. */
  fault(): void {
    this.#faults += 1;
  }

  /** A call of the control API ended after that many seconds. */
  rpc(method: string, code: RpcCode, seconds: number): void {
    const known = this.#rpcMethods.has(method) ? method : '_OTHER';
    const key = `${known} ${code}`;
    const labels = { 'rpc.method': known, 'rpc.response.status_code': code, 'rpc.system.name': 'grpc' };
    const series = this.#rpcs.get(key) ?? { labels, histogram: new Histogram(RPC_SECONDS) };
    this.#rpcs.set(key, series);
    series.histogram.observe(seconds);
  }

  samples(): [MetricName, Sample[]][] {
    const policy = this.#policy;
    const crl = this.#crl;
    return [
      one('ws_proxy.connections.limit', this.#limits.connections),
      one('ws_proxy.sessions.limit', this.#limits.sessions),
      one('ws_proxy.draining', Number(this.#draining)),
      ['ws_proxy.policy.reloads', results(policy)],
      one('ws_proxy.policy.valid', Number(policy.valid)),
      one('ws_proxy.policy.loaded_time', policy.loadedAt),
      ['ws_proxy.crl.reloads', results(crl)],
      one('ws_proxy.crl.valid', Number(crl.valid)),
      one('ws_proxy.crl.next_update_time', crl.nextUpdate),
      one('ws_proxy.crl.revoked', crl.revoked),
      ['ws_proxy.certificate.expiry_time', this.#certificates()],
      [
        'rpc.server.call.duration',
        [...this.#rpcs.values()].map(({ labels, histogram }) => ({ labels, value: histogram })),
      ],
      one('ws_proxy.control.watchers', this.#watchers),
      one('ws_proxy.faults', this.#faults),
    ];
  }

  #certificates(): Sample[] {
    return WATCHED_CERTIFICATES.flatMap((certificate) => {
      const value = this.#expiries.get(certificate);
      return value === undefined ? [] : [{ labels: { certificate }, value }];
    });
  }
}

/** The gRPC status code of that name. */
export function rpcCodeNamed(name: string): RpcCode {
  return RPC_CODES.find((code) => code === name) ?? 'UNKNOWN';
}

function note(loads: Loads, ok: boolean): void {
  loads[ok ? 'ok' : 'failed'] += 1;
  loads.valid = ok;
}

function results({ ok, failed }: Loads): Sample[] {
  return [
    { labels: { result: 'ok' }, value: ok },
    { labels: { result: 'failed' }, value: failed },
  ];
}

function one(name: MetricName, value: number): [MetricName, Sample[]] {
  return [name, [{ labels: {}, value }]];
}
