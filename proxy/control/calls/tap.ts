import type { Clock } from '../../ports/clock.js';
import type { RelayedPeer, RelayedSession } from '../../session/life/message-observer.js';
import type { Ending } from '../../wire/close.js';
import type { TappedMessage } from '../generated/micronets/wsproxy/control/v1/TappedMessage.js';
import type { TapSessionResponse } from '../generated/micronets/wsproxy/control/v1/TapSessionResponse.js';
import { duration, timestamp } from '../rpc/times.js';
import { MAX_TAPPED_ENVELOPE_BYTES, tappedEnvelope } from './tapped-envelope.js';

/** Messages a second that one tap takes. */
export const TAP_RATE = 200;
/** Messages that wait for one tap's client. */
export const TAP_QUEUE_MESSAGES = 256;
/** Bytes of the messages that wait for one tap's client. */
export const TAP_QUEUE_BYTES = 1_048_576;
/** Requests whose time one tap remembers, to tell how long their answers took. */
const TAP_REQUESTS = 256;

interface TapRecord {
  readonly at: number;
  readonly steadyAt: number;
  /** The two peers as texts: a peer that is kept would keep its socket. */
  readonly from: string;
  readonly fromRole: string;
  readonly to: string;
  readonly toRole: string;
  readonly size: number;
  readonly binary: boolean;
  /** A copy of the bytes that are shown: a slice would keep the whole read buffer alive. */
  readonly bytes: Buffer;
}

/**
 * The messages that one tap has recorded for its client. To record a message costs the relay a copy of at most 64 KiB, for at most
 * `TAP_RATE` messages a second; envelopes are read when the client takes them.
 */
export class Tap {
  readonly #clock: Clock;
  readonly #bodyBytes: number;
  readonly #wake: () => void;
  readonly #requests = new Map<string, number>();
  #queue: TapRecord[] = [];
  #queuedBytes = 0;
  #skipped = 0;
  #second = 0;
  #takenInSecond = 0;
  #ending: Ending | undefined;
  #isDone = false;

  /** @param bodyBytes bytes of each body that are shown, 0 for none. @param wake is called when there is something to take */
  constructor(clock: Clock, bodyBytes: number, wake: () => void) {
    this.#clock = clock;
    this.#bodyBytes = bodyBytes;
    this.#wake = wake;
  }

  /** True when the session is over and the client has taken everything, how it ended too. */
  get isDone(): boolean {
    return this.#isDone;
  }

  end(ending: Ending): void {
    this.#ending = ending;
    this.#wake();
  }

  /** Records a message. Runs on the hot path; never throws. */
  see(session: RelayedSession, from: RelayedPeer, data: Buffer, binary: boolean): void {
    const steadyAt = this.#clock.steady();
    const bytes = this.#copy(data, binary);
    if (!this.#hasRoom(steadyAt, bytes.length)) {
      this.#skipped += 1;
      return;
    }
    this.#takenInSecond += 1;
    this.#queuedBytes += bytes.length;
    const to = session.peers.find((one) => one !== from);
    this.#queue.push({
      at: this.#clock.now(),
      steadyAt,
      from: from.uid,
      fromRole: from.admission.role,
      to: to?.uid ?? '',
      toRole: to?.admission.role ?? '',
      size: data.length,
      binary,
      bytes,
    });
    this.#wake();
  }

  /** Takes the oldest message that waits, and after the last how the session ended; undefined when there is nothing. */
  take(): TapSessionResponse | undefined {
    const record = this.#queue.shift();
    if (record === undefined && (this.#ending === undefined || this.#isDone)) return undefined;
    const skipped = this.#skipped;
    this.#skipped = 0;
    if (record !== undefined) return { skipped, message: this.#read(record) };
    this.#isDone = true;
    return { skipped, ending: this.#ending ?? null };
  }

  #read(record: TapRecord): TappedMessage {
    this.#queuedBytes -= record.bytes.length;
    const isWhole = record.bytes.length >= record.size && record.size <= MAX_TAPPED_ENVELOPE_BYTES;
    const envelope = !record.binary && isWhole ? tappedEnvelope(record.bytes) : {};
    const shown = record.bytes.subarray(0, this.#bodyBytes);
    return {
      time: timestamp(record.at),
      from_peer_uid: record.from,
      from_role: record.fromRole,
      to_peer_uid: record.to,
      to_role: record.toRole,
      size_bytes: record.size,
      binary: record.binary,
      ...envelope,
      latency: this.#latency(record, envelope.message_id ?? '', envelope.in_response_to ?? ''),
      body: shown,
      body_cut: this.#bodyBytes > 0 && shown.length < record.size,
    };
  }

  #copy(data: Buffer, binary: boolean): Buffer {
    const readable = !binary && data.length <= MAX_TAPPED_ENVELOPE_BYTES;
    return Buffer.from(data.subarray(0, readable ? data.length : this.#bodyBytes));
  }

  #hasRoom(now: number, bytes: number): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#takenInSecond = 0;
    }
    if (this.#takenInSecond >= TAP_RATE || this.#queue.length >= TAP_QUEUE_MESSAGES) return false;
    return this.#queuedBytes + bytes <= TAP_QUEUE_BYTES;
  }

  #latency(record: TapRecord, id: string, answered: string): ReturnType<typeof duration> | null {
    if (answered === '') {
      if (id !== '') this.#remember(`${record.from} ${id}`, record.steadyAt);
      return null;
    }
    const asked = `${record.to} ${answered}`;
    const began = this.#requests.get(asked);
    this.#requests.delete(asked);
    return began === undefined ? null : duration(record.steadyAt - began);
  }

  #remember(request: string, at: number): void {
    this.#requests.delete(request);
    if (this.#requests.size >= TAP_REQUESTS) {
      const oldest = this.#requests.keys().next();
      if (oldest.done !== true) this.#requests.delete(oldest.value);
    }
    this.#requests.set(request, at);
  }
}
