import { type Body, jsonBody } from '../../../peer/body.js';
import { PeerConnection } from '../../../peer/connection.js';
import { PatientCalls } from '../../../peer/patient-calls.js';
import type { State } from '../../../peer/state.js';
import type { Socket, SocketListener } from '../../../proxy/ports/socket.js';
import { type DialOptions, dial } from '../../../proxy/transport/dial/dial.js';
import { DialError } from '../../../proxy/transport/dial/dial-error.js';
import { type Seat, seatName } from '../judge/history.js';
import { Doors } from './doors.js';
import { MARK, padding } from './message.js';
import type { RecordedConnection, Recorder } from './recorder.js';
import type { SeatedPeer, SeatPlan, SeatWorld } from './seat.js';
import { whyNot } from './why-not.js';

/** Milliseconds for which a call is awaited: longer than any fault lasts, so that nothing but an end is an end. */
const CALL_MS = 300_000;
/** How calls wait for a proxy that restarts: as at a bridge. */
const PATIENCE = { hold: 30_000, atOnce: 64 };

/**
 * A peer of our library, which calls as a bridge does. What it does on its websocket is recorded at the socket, which its `dial` option
 * hands it.
 */
export class OurSeat implements SeatedPeer {
  readonly plan: SeatPlan;
  readonly #world: SeatWorld;
  readonly #recorder: Recorder;
  readonly #changed: () => void;
  readonly #name: Seat;
  readonly #peer: PeerConnection;
  readonly #calls: PatientCalls;
  /** Calls made, and those of them that go on. */
  #made = 0;
  #open = 0;
  readonly #doors: Doors;
  #connection: RecordedConnection | undefined;
  #socket: Socket | undefined;
  #epoch = 0;
  losses = 0;

  constructor(plan: SeatPlan, world: SeatWorld, recorder: Recorder, changed: () => void) {
    this.plan = plan;
    this.#world = world;
    this.#recorder = recorder;
    this.#changed = changed;
    this.#name = seatName(plan.meetup, plan.side);
    this.#doors = new Doors(plan.urls ?? [world.url]);
    const { certificate, key } = world.credentials[plan.credential] ?? { certificate: '', key: '' };
    const claimsNow = () => ({ peerClass: 'faults', peerId: this.#connection?.on ?? '' });
    this.#peer = new PeerConnection({
      url: `${this.#doors.url}${plan.meetup}`,
      servername: world.servername,
      credentials: () => ({ cert: certificate, key, ca: world.ca }),
      // Asked for at each HELLO.
      get claims() {
        return claimsNow();
      },
      handler: () => this.#answer(),
      dial: (_, options) => this.#dial(`${this.#doors.url}${plan.meetup}`, options),
    });
    this.#calls = new PatientCalls(this.#peer, PATIENCE);
    this.#peer.observe({
      state: (now) => {
        this.#note(now);
        changed();
      },
      message: changed,
    });
  }

  get isPaired(): boolean {
    return this.#connection?.isPaired === true && !this.#connection.isOver;
  }

  get isSettled(): boolean {
    return this.#connection?.isSettled === true && this.#open === 0;
  }

  start(): void {
    this.#peer.start();
  }

  stop(): Promise<void> {
    return this.#peer.stop();
  }

  call(): void {
    if (!this.isPaired && !this.#calls.holds) return;
    this.#made += 1;
    this.#open += 1;
    const call = `${this.#name}/${this.#made}`;
    const ask = () => this.#peer.request({ method: 'POST', path: '/faults', body: this.#body(call), timeout: CALL_MS });
    const over = (): void => {
      this.#open -= 1;
      this.#changed();
    };
    // How it ended is in the recorded messages.
    this.#calls.make(ask).then(over, over);
  }

  event(): void {
    this.#say('TICK');
  }

  mark(): void {
    if (this.#connection?.hasSentMark === false) this.#say(MARK);
  }

  stall(isStalled: boolean): void {
    if (isStalled) this.#socket?.pause();
    else this.#socket?.resume();
  }

  reset(): void {
    this.#socket?.terminate();
  }

  #say(name: string): void {
    if (!this.isPaired) return;
    try {
      this.#peer.sendEvent('FAULTS', name, this.#body());
    } catch {
      // The outbox is full or the connection ends: nothing was sent.
    }
  }

  async #answer() {
    const ms = Math.random() * this.#world.answerMs;
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    return { statusCode: 200, headers: [], body: this.#body() };
  }

  /** @param call the call that a request makes */
  #body(call?: string): Body {
    const padded = { from: this.#connection?.on, padding: padding(Math.random, this.#world.paddingChars) };
    return jsonBody(call === undefined ? padded : { ...padded, call });
  }

  #note(now: State): void {
    if (now.kind !== 'backing_off') return;
    this.losses += 1;
  }

  #refused(why: string): void {
    this.#doors.failed(why);
    this.#recorder.refused(this.#name, why);
  }

  async #dial(url: string, options: DialOptions): Promise<Socket> {
    try {
      const socket = await dial(url, options);
      this.#epoch += 1;
      const connection = this.#recorder.opened(this.#name, this.#epoch);
      this.#connection = connection;
      this.#socket = recordedSocket(socket, connection);
      return this.#socket;
    } catch (error) {
      const isGivenUp = error instanceof DialError && error.failure.t === 'aborted';
      if (!isGivenUp) this.#refused(whyNot(error));
      throw error;
    }
  }
}

/** The socket, with each message and the end told to the recorder first. */
function recordedSocket(socket: Socket, connection: RecordedConnection): Socket {
  let closedByUs = false;
  const listening = (listener: SocketListener): SocketListener => ({
    message: (data, binary) => {
      connection.received(data);
      listener.message(data, binary);
    },
    pong: () => listener.pong(),
    ping: () => listener.ping?.(),
    progress: (backlog) => listener.progress(backlog),
    closed: (label, code, reason) => {
      const by = closedByUs ? 'peer' : label === 'connection_lost' ? 'line' : 'proxy';
      connection.closed(code, reason, by);
      listener.closed(label, code, reason);
    },
  });
  const own: Pick<Socket, 'listen' | 'send' | 'close' | 'terminate'> = {
    listen: (listener) => socket.listen(listening(listener)),
    send: (data, binary) => {
      connection.sent(data);
      socket.send(data, binary);
    },
    close: (code, reason) => {
      closedByUs = true;
      socket.close(code, reason);
    },
    terminate: () => {
      closedByUs = true;
      socket.terminate();
    },
  };
  return new Proxy(socket, {
    get(target, name) {
      if (name in own) return own[name as keyof typeof own];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
