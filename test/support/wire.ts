import { FakeSocket } from './fake-socket.js';

type Parcel =
  | { readonly t: 'message'; readonly data: Buffer; readonly binary: boolean }
  | { readonly t: 'close'; readonly code: number; readonly reason: string };

/** One end of a wire: what it is told to send waits until the test lets it through. */
export class WireEnd extends FakeSocket {
  readonly #out: Parcel[] = [];
  far: WireEnd | undefined;

  override send(data: Buffer, binary: boolean): void {
    super.send(data, binary);
    this.#out.push({ t: 'message', data: Buffer.from(data), binary });
  }

  override close(code: number, reason: string): void {
    if (this.closedWith === undefined) this.#out.push({ t: 'close', code, reason });
    super.close(code, reason);
  }

  /** Whether something is on its way that the other end reads now. */
  get hasMore(): boolean {
    return this.#out.length > 0 && this.far?.paused !== true;
  }

  /** Lets the next thing through. */
  pass(): void {
    const parcel = this.#out.shift();
    if (parcel === undefined || this.far === undefined) return;
    if (parcel.t === 'message') {
      this.far.deliver(parcel.data, parcel.binary);
      return;
    }
    this.far.gone('closed_by_peer', parcel.code, parcel.reason);
    this.gone('closed_by_peer', parcel.code, parcel.reason);
  }
}

/** Two ends, joined: order is kept, time is the test's. */
export function wire(): readonly [WireEnd, WireEnd] {
  const [near, far] = [new WireEnd(), new WireEnd()];
  near.far = far;
  far.far = near;
  return [near, far];
}
