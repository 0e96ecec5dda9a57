import type { Clock } from '../proxy/ports/clock.js';
import type { Socket, SocketListener } from '../proxy/ports/socket.js';
import { type EndingLabel, ending } from '../proxy/wire/close.js';
import { readHello } from '../proxy/wire/hello.js';
import type { Body } from './body.js';
import { type Form, formOf } from './form.js';
import { type Greeting, greetingOf } from './greeting.js';
import { type PeerEvent, readIncoming } from './incoming.js';
import type { PeerLimits } from './limits.js';
import { type Dispatch, Outbox } from './outbox.js';
import { type Claims, eventText, helloText, requestText, responseText } from './outgoing.js';
import { type Patience, PendingRequests } from './pending-requests.js';
import { RequestFailure } from './request-failure.js';
import { type Handler, Responder } from './responder.js';
import { errorResponse, type RestRequest, type RestResponse } from './rest.js';
import { type Setback, setbackOfEnd } from './setback.js';
import { type Watchdog, watch } from './watchdog.js';

/** Hears of the events on a channel. */
export interface ChannelOwner {
  /** The other peer's HELLO came. */
  greeted(other: Greeting): void;
  event(event: PeerEvent): void;
  /** Every message, the HELLO included, before anything is done with it. */
  message(data: Buffer, binary: boolean): void;
  /** The handler threw. */
  fault(error: unknown): void;
  /** The connection is over; called exactly once. */
  ended(why: Setback): void;
}

/** The settings of a channel. Without a `handler`, requests of the other peer are left to the observers of messages. */
export interface ChannelOptions {
  readonly claims: Claims;
  readonly handler: Handler | undefined;
  readonly limits: PeerLimits;
  readonly clock: Clock;
}

/** Bytes of the other peer's HELLO. */
const MAX_HELLO_BYTES = 64 * 1024;

/** One connection, from the HELLO to its end. Message ids count from 0 on each. */
export class Channel implements SocketListener {
  readonly #socket: Socket;
  readonly #options: ChannelOptions;
  readonly #owner: ChannelOwner;
  readonly #outbox: Outbox;
  readonly #pending: PendingRequests;
  readonly #responder: Responder | undefined;
  readonly #watchdog: Watchdog;
  #paired = false;
  #form: Form = 'deployed';
  #why: Setback | undefined;
  #undoClose: () => void = () => {};
  #nextId = 0;

  constructor(socket: Socket, options: ChannelOptions, owner: ChannelOwner) {
    const { claims, handler, limits, clock } = options;
    this.#socket = socket;
    this.#options = options;
    this.#owner = owner;
    this.#outbox = new Outbox(socket, { highMark: limits.highMark, maxBytes: limits.outbox });
    this.#pending = new PendingRequests(clock);
    this.#responder =
      handler && new Responder(handler, limits.concurrent, this.#respond, (error) => owner.fault(error));
    this.#watchdog = watch(socket, clock, limits.silence, () => this.#silent());
    socket.listen(this);
    this.#outbox.send(Buffer.from(helloText(this.#nextId++, claims)), false);
    socket.resume();
  }

  /** The form of messages for the other peer; its HELLO asks for it. */
  get form(): Form {
    return this.#form;
  }

  /** Sends a request and waits for its response. Rejects with {@link RequestFailure}. */
  async request(request: RestRequest, patience: Patience): Promise<RestResponse> {
    const { limits } = this.#options;
    if (this.#pending.size >= limits.inFlight) {
      throw new RequestFailure('too_many', `${limits.inFlight} requests are in flight already`);
    }
    const id = this.#nextId++;
    const dispatch = this.send(Buffer.from(requestText(id, request, this.#form)), false);
    try {
      return await this.#pending.wait(id, dispatch, patience);
    } finally {
      dispatch.withdraw();
    }
  }

  /** Sends an event; nothing answers it. Throws {@link RequestFailure}. */
  sendEvent(namespace: string, name: string, body: Body): void {
    this.send(Buffer.from(eventText(this.#nextId++, namespace, name, body, this.#form)), false);
  }

  /** Sends a message as it is. Throws {@link RequestFailure}. */
  send(data: Buffer, binary: boolean): Dispatch {
    const { message, outbox } = this.#options.limits;
    if (!this.#paired) throw new RequestFailure('not_paired', 'the other peer is not there');
    if (data.length > message) {
      throw new RequestFailure('too_big', `the message has ${data.length} bytes; the limit is ${message}`);
    }
    const dispatch = this.#outbox.send(data, binary);
    if (dispatch === undefined) throw new RequestFailure('congested', `over ${outbox} bytes wait to be sent already`);
    return dispatch;
  }

  /** Closes with 1000; drops the connection when the answer does not come in time. `ended` follows. */
  close(): void {
    this.#close(ending('closed_by_peer').code, '');
  }

  message(data: Buffer, binary: boolean): void {
    this.#watchdog.heard();
    if (this.#paired) this.#take(data, binary);
    else this.#greet(data, binary);
  }

  #take(data: Buffer, binary: boolean): void {
    this.#owner.message(data, binary);
    const incoming = readIncoming(data, binary, this.#form);
    if (incoming.kind === 'response') this.#pending.answer(incoming.inResponseTo, incoming.response);
    if (incoming.kind === 'event') this.#owner.event(incoming.event);
    if (incoming.kind === 'request') void this.#responder?.serve(incoming, this.#form);
  }

  ping(): void {
    this.#watchdog.heard();
  }

  pong(): void {
    this.#watchdog.heard();
  }

  progress(): void {
    this.#outbox.flush();
  }

  closed(label: EndingLabel, code: number, reason: string): void {
    this.#watchdog.stop();
    this.#undoClose();
    this.#paired = false;
    this.#responder?.stop();
    const said = setbackOfEnd(label, code, reason);
    this.#pending.failAll(said.taken);
    this.#owner.ended(this.#why ?? said);
  }

  #greet(data: Buffer, binary: boolean): void {
    const reading = readHello(data, MAX_HELLO_BYTES);
    if ('refused' in reading) {
      this.#end('hello_invalid', `the other peer's HELLO is not valid: ${reading.refused}`);
      return;
    }
    this.#paired = true;
    this.#form = formOf(data);
    this.#owner.greeted(greetingOf(reading.ok, data));
    this.#owner.message(data, binary);
  }

  /** A response that cannot be sent ends the connection: dropped in silence it would leave the other peer waiting. */
  readonly #respond = (inResponseTo: number | string, response: RestResponse): void => {
    const { message } = this.#options.limits;
    const id = this.#nextId++;
    const whole = Buffer.from(responseText(id, inResponseTo, response, this.#form));
    const small = errorResponse(502, 'response_too_big', `the response has over ${message} bytes as a message`);
    const data = whole.length <= message ? whole : Buffer.from(responseText(id, inResponseTo, small, this.#form));
    if (this.#outbox.send(data, false) !== undefined) return;
    this.#end('slow_peer', 'the proxy takes the responses too slowly');
  };

  /** Ends the connection for a reason that this side found. */
  #end(label: EndingLabel, message: string): void {
    this.#why ??= { reason: label, message, retry: 'later' };
    const { code, text } = ending(label);
    this.#close(code, text);
  }

  #close(code: number, text: string): void {
    this.#undoClose();
    this.#undoClose = this.#options.clock.after(this.#options.limits.close, () => this.#socket.terminate());
    this.#socket.close(code, text);
  }

  #silent(): void {
    const { silence } = this.#options.limits;
    this.#why = { reason: 'proxy_silent', message: `nothing heard for ${silence / 1000} s`, retry: 'now' };
    this.#socket.terminate();
  }
}
