import { isMessageId, isObject, MAX_CLAIM_CHARS, readHello } from '../../proxy/wire/hello.js';
import type { Body } from '../body.js';
import { formOf } from '../form.js';
import type { NameValue } from '../headers.js';
import { type PeerMessage, readIncoming } from '../incoming.js';
import type { MessageFault, RestRequest, RestResponse } from '../rest.js';
import type { CheckId } from './checks.js';

/** Faults of one check that are told; what comes after them is counted. */
const MAX_TOLD = 3;
/** Ids of one connection that are remembered. */
const MAX_IDS = 100_000;
/** Bytes of a HELLO, as the proxy takes it by default. */
const MAX_HELLO_BYTES = 16 * 1024;
/** Characters of a peer's own words in a fault. */
const MAX_QUOTED = 60;
/** Headers of the body, which `headers` does not carry [MSG-5]. */
const NOT_CARRIED = /^content-(?:length|type|encoding)$/i;

/** What was seen, in numbers. */
interface Seen {
  readonly messages: number;
  readonly requests: number;
  readonly answers: number;
  /** Bodies with content. */
  readonly bodies: number;
}

/** Judges the messages of one peer as they come, from its HELLO on. Never throws. */
export class Examiner {
  readonly #faults = new Map<CheckId, string[]>();
  readonly #more = new Map<CheckId, number>();
  readonly #waiting = new Map<string, () => void>();
  readonly #answered = new Set<string>();
  #ids = new Set<string>();
  #form: ReturnType<typeof formOf> | undefined;
  #seen = { messages: 0, requests: 0, answers: 0, bodies: 0 };

  get seen(): Seen {
    return this.#seen;
  }

  /** A new connection begins: ids count anew, and what was asked before is not answered any more. */
  begin(): void {
    this.#ids = new Set();
    this.#waiting.clear();
    this.#answered.clear();
    this.#form = undefined;
  }

  /** Resolves when the request of that id is answered. */
  answered(id: number | string): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(String(id), resolve));
  }

  /** Notes a fault. */
  fault(check: CheckId, what: string): void {
    const told = this.#faults.get(check) ?? [];
    if (told.length < MAX_TOLD) this.#faults.set(check, [...told, what]);
    else this.#more.set(check, (this.#more.get(check) ?? 0) + 1);
  }

  /** The faults of a check in one line; undefined where there is none. */
  faultsOf(check: CheckId): string | undefined {
    const more = this.#more.get(check);
    return this.#faults
      .get(check)
      ?.concat(more === undefined ? [] : [`and ${more} more`])
      .join('; ');
  }

  /** Takes a message; the first of a connection is the HELLO. */
  take(data: Buffer, binary: boolean): void {
    this.#seen.messages += 1;
    if (this.#form === undefined) this.#greet(data);
    else if (!binary) this.#read(data);
  }

  #greet(data: Buffer): void {
    const reading = readHello(data, MAX_HELLO_BYTES);
    if ('refused' in reading) {
      this.#form = 'deployed';
      this.fault('hello', `its HELLO is none: ${reading.refused}`);
      return;
    }
    this.#form = formOf(data);
    const { messageId } = (JSON.parse(data.toString('utf8')) as { message: { messageId: unknown } }).message;
    this.#ids.add(String(messageId));
  }

  #read(data: Buffer): void {
    const message = messageOf(data.toString('utf8'));
    if (typeof message === 'string') {
      this.fault('envelopes', message);
      return;
    }
    const { messageId, messageType, requiresResponse } = message;
    if (typeof messageType !== 'string') this.fault('envelopes', `messageType is not text: ${quoted(messageType)}`);
    if (typeof requiresResponse !== 'boolean') {
      this.fault('envelopes', `requiresResponse of a ${quoted(messageType)} is neither true nor false`);
    }
    this.#identify(messageId, messageType);
    this.#judge(readIncoming(data, false, this.#form ?? 'deployed'), messageType);
  }

  #identify(id: unknown, type: unknown): void {
    if (!isMessageId(id)) {
      const wanted = `no integer and no text of 1 to ${MAX_CLAIM_CHARS} characters`;
      this.fault('ids', `messageId of a ${quoted(type)} is ${wanted}: ${quoted(id)}`);
      return;
    }
    if (this.#ids.has(String(id))) this.fault('ids', `two messages have the id ${quoted(id)}`);
    if (this.#ids.size < MAX_IDS) this.#ids.add(String(id));
  }

  #judge(message: PeerMessage, type: unknown): void {
    switch (message.kind) {
      case 'request':
        this.#seen.requests += 1;
        this.#whole('requests', message.request);
        break;
      case 'response':
        this.#answer(String(message.inResponseTo));
        this.#whole('answers', message.response);
        this.#settle(String(message.inResponseTo));
        break;
      case 'event':
        this.#count(message.event.body);
        break;
      case 'other':
        if (type === 'REST:REQUEST') this.fault('requests', 'a REST:REQUEST without a valid messageId');
        if (type === 'REST:RESPONSE') this.fault('answers', 'a REST:RESPONSE without a valid inResponseTo');
        if (typeof type === 'string' && type.startsWith('EVENT:'))
          this.fault('bodies', `a ${quoted(type)} cannot be read`);
    }
  }

  #answer(id: string): void {
    this.#seen.answers += 1;
    if (this.#answered.has(id)) this.fault('answers', `the request ${quoted(id)} was answered twice`);
    else if (!this.#waiting.has(id)) this.fault('answers', `an answer to ${quoted(id)}, which was not asked`);
  }

  #settle(id: string): void {
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
    if (this.#answered.size < MAX_IDS) this.#answered.add(id);
  }

  #whole(check: CheckId, message: RestRequest | RestResponse | MessageFault): void {
    if ('fault' in message) this.fault(ofBody(message.fault) ?? check, message.fault);
    else this.#content(check, message);
  }

  #content(check: CheckId, { headers, body }: { readonly headers: readonly NameValue[]; readonly body: Body }): void {
    const strange = headers.find(({ name }) => NOT_CARRIED.test(name));
    if (strange !== undefined) this.fault(check, `headers carry ${quoted(strange.name)}, which dataFormat is for`);
    this.#count(body);
  }

  #count(body: Body): void {
    if (body.kind !== 'none') this.#seen.bodies += 1;
  }
}

/** The check to which a fault in a message belongs, where it is one of its body. */
function ofBody(fault: string): CheckId | undefined {
  return /^(?:messageBody|dataFormat|bodySpace|bodyHeaders)\b/.test(fault) ? 'bodies' : undefined;
}

/** The `message` of an envelope, or what is wrong. */
function messageOf(text: string): Readonly<Record<string, unknown>> | string {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isObject(parsed)) return `a message is no JSON object: ${quoted(parsed)}`;
    const { message } = parsed;
    return isObject(message) ? message : `a message has no object "message": ${quoted(parsed)}`;
  } catch {
    return `a message is no JSON: ${quoted(text)}`;
  }
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
}
