import type { IncomingMessage } from 'node:http';
import type { Socket as RawSocket } from 'node:net';
import type { RefusedUpgrade } from '../session/life/refused-upgrade.js';
import { type RefusalLabel, refusal } from '../wire/close.js';
import type { Identity } from '../x509/identity.js';
import { markOf, remoteOf } from './handshake.js';
import type { HopMarks } from './hop-marks.js';
import { refuseUpgrade } from './refuse.js';

/** What a refusal may have beside its label. */
interface RefusalMore {
  /** The part of the reason that reaches the client, so that nobody learns the policy by trying. */
  readonly told?: string;
  /** Seconds. */
  readonly retryAfter?: number;
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Longest request target that is reported, in characters. */
const MAX_TARGET_CHARS = 1024;

/** One upgrade that is being decided, with the facts that are known so far. */
export class Candidate {
  readonly request: IncomingMessage;
  readonly raw: RawSocket;
  /** Bytes that came behind the head of the request. */
  readonly head: Buffer;
  /** Set where another replica handed the upgrade on. */
  readonly hop: HopMarks | undefined;
  readonly marks: { readonly remote: string; readonly requestId: string; readonly traceparent: string };
  identity: Identity | undefined;
  meetupId: string | undefined;
  /** True once an answer that is no refusal of ours is out: from then on no HTTP answer is possible. */
  isAnswered = false;
  readonly #refused: (upgrade: RefusedUpgrade) => void;

  constructor(
    request: IncomingMessage,
    raw: RawSocket,
    head: Buffer,
    hop: HopMarks | undefined,
    refused: (upgrade: RefusedUpgrade) => void,
  ) {
    this.request = request;
    this.raw = raw;
    this.head = head;
    this.hop = hop;
    this.#refused = refused;
    this.marks = {
      remote: remoteOf(request),
      requestId: markOf(request, 'x-request-id'),
      traceparent: markOf(request, 'traceparent'),
    };
  }

  /** `detail` is for operators. */
  refuse(label: RefusalLabel, detail: string, more: RefusalMore = {}): void {
    const told = refusal(label, more.told, more.retryAfter);
    refuseUpgrade(this.raw, told, more.headers);
    const { remote, requestId } = this.marks;
    const upgrade: RefusedUpgrade = {
      refusal: told,
      detail,
      target: (this.request.url ?? '').slice(0, MAX_TARGET_CHARS),
      remote,
      requestId,
      ...(this.identity === undefined ? {} : { identity: this.identity }),
      ...(this.meetupId === undefined ? {} : { meetupId: this.meetupId }),
      ...(this.hop === undefined ? {} : { via: this.hop.via }),
    };
    this.#refused(upgrade);
  }
}
