import { connect as connectTcp, type Socket as TcpSocket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import { reasonIn } from '../../support/stack.js';
import { type Seat, seatName } from '../judge/history.js';
import { Doors } from './doors.js';
import { MARK, padding } from './message.js';
import type { RecordedConnection, Recorder } from './recorder.js';
import type { SeatedPeer, SeatPlan, SeatWorld } from './seat.js';
import { addressOf, contextOf } from './secure-context.js';
import { whyNot } from './why-not.js';

/** The head of a masked text frame of 1,000 bytes, of which a few follow before the reset. */
const HALF_A_FRAME = Buffer.concat([Buffer.from([0x81, 0xfe, 0x03, 0xe8, 1, 2, 3, 4]), Buffer.alloc(100)]);
/** Milliseconds for TCP, TLS and the upgrade. */
const HANDSHAKE_MS = 30_000;

/** A peer as the deployed ones are: after any end or refusal it waits a fixed time, without a spread, and dials again. */
export class DeployedSeat implements SeatedPeer {
  readonly plan: SeatPlan;
  readonly #world: SeatWorld;
  readonly #recorder: Recorder;
  readonly #changed: () => void;
  readonly #name: Seat;
  readonly #doors: Doors;
  #connection: RecordedConnection | undefined;
  #ws: WebSocket | undefined;
  #tcp: TcpSocket | undefined;
  #tls: TLSSocket | undefined;
  #redial: NodeJS.Timeout | undefined;
  #over: (() => void) | undefined;
  #epoch = 0;
  #id = 0;
  /** Calls made. */
  #made = 0;
  losses = 0;

  constructor(plan: SeatPlan, world: SeatWorld, recorder: Recorder, changed: () => void) {
    this.plan = plan;
    this.#world = world;
    this.#recorder = recorder;
    this.#changed = changed;
    this.#name = seatName(plan.meetup, plan.side);
    this.#doors = new Doors(plan.urls ?? [world.url]);
  }

  get isPaired(): boolean {
    return this.#connection?.isPaired === true && !this.#connection.isOver;
  }

  get isSettled(): boolean {
    return this.#connection?.isSettled === true;
  }

  start(): void {
    const ws = new WebSocket(`${this.#doors.url}${this.plan.meetup}`, {
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_MS,
      createConnection: () => this.#connect(),
    });
    this.#ws = ws;
    let recorded: RecordedConnection | undefined;
    let why: string | undefined;
    ws.on('open', () => {
      this.#epoch += 1;
      this.#id = 0;
      recorded = this.#recorder.opened(this.#name, this.#epoch);
      this.#connection = recorded;
      this.#write({ messageType: 'CONN:HELLO', peerClass: 'faults', peerId: recorded.on });
    });
    ws.on('message', (data: Buffer) => recorded && this.#take(data, recorded));
    ws.on('unexpected-response', (_, response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('close', () => {
        why = reasonIn(body).reason;
        ws.terminate();
      });
    });
    ws.on('error', (error) => {
      why ??= whyNot(error);
    });
    ws.once('close', (code, reason) => this.#lost(recorded, code, String(reason), why));
  }

  async stop(): Promise<void> {
    clearTimeout(this.#redial);
    this.#redial = undefined;
    if (this.#ws === undefined) return;
    const over = new Promise<void>((resolve) => {
      this.#over = resolve;
    });
    this.#ws.terminate();
    await over;
  }

  call(): void {
    if (!this.isPaired) return;
    this.#made += 1;
    const body = this.#body(`${this.#name}/${this.#made}`);
    this.#write({ messageType: 'REST:REQUEST', method: 'POST', path: '/faults', ...body });
  }

  event(): void {
    if (this.isPaired) this.#write({ messageType: 'EVENT:FAULTS:TICK', ...this.#body() });
  }

  mark(): void {
    if (!this.isPaired || this.#connection?.hasSentMark !== false) return;
    this.#write({ messageType: `EVENT:FAULTS:${MARK}`, ...this.#body() });
  }

  stall(isStalled: boolean): void {
    if (this.#ws?.readyState !== WebSocket.OPEN) return;
    if (isStalled) this.#ws.pause();
    else this.#ws.resume();
  }

  reset(): void {
    // TLS keeps its own queue: the part of a frame must have left before TCP is reset.
    this.#tls?.write(HALF_A_FRAME, () => this.#tcp?.resetAndDestroy());
  }

  #connect() {
    const secureContext = contextOf(this.#world, this.plan.credential);
    const tcp = connectTcp(addressOf(this.#doors)).setNoDelay(true);
    const tls = connectTls({ socket: tcp, servername: this.#world.servername, secureContext });
    tcp.on('error', (error) => tls.destroy(error));
    this.#tcp = tcp;
    this.#tls = tls;
    return tls;
  }

  #take(data: Buffer, recorded: RecordedConnection): void {
    recorded.received(data);
    this.#changed();
    const { message } = JSON.parse(data.toString()) as { message: { messageType: string; messageId: number } };
    if (message.messageType !== 'REST:REQUEST') return;
    setTimeout(() => {
      if (recorded !== this.#connection || recorded.isOver) return;
      this.#write({
        messageType: 'REST:RESPONSE',
        inResponseTo: message.messageId,
        statusCode: 200,
        reasonPhrase: null,
        ...this.#body(),
      });
    }, Math.random() * this.#world.answerMs);
  }

  #write(fields: Readonly<Record<string, unknown>>): void {
    if (this.#ws?.readyState !== WebSocket.OPEN) return;
    const requiresResponse = fields['messageType'] === 'REST:REQUEST';
    const text = JSON.stringify({ message: { messageId: this.#id++, requiresResponse, ...fields } });
    this.#connection?.sent(Buffer.from(text));
    this.#ws.send(text);
  }

  /** @param call the call that a request makes */
  #body(call?: string) {
    const padded = { from: this.#connection?.on, padding: padding(Math.random, this.#world.paddingChars) };
    return { dataFormat: 'application/json', messageBody: call === undefined ? padded : { ...padded, call } };
  }

  #refused(why: string): void {
    this.#doors.failed(why);
    this.#recorder.refused(this.#name, why);
  }

  #lost(recorded: RecordedConnection | undefined, code: number, reason: string, why: string | undefined): void {
    this.#ws = undefined;
    const isOurs = this.#over !== undefined;
    if (recorded !== undefined) recorded.closed(code, reason, isOurs ? 'peer' : code === 1006 ? 'line' : 'proxy');
    else if (!isOurs) this.#refused(why ?? 'unreachable');
    this.#over?.();
    if (isOurs) return;
    this.losses += 1;
    this.#changed();
    this.#redial = setTimeout(() => this.start(), this.#world.redialMs);
  }
}
