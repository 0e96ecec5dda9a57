import { HOP_HEADER, OWNER_HEADER } from '../../ports/hop-headers.js';
import type { DrainPlan, HandedOver } from '../../session/drain.js';
import type { HopEvidence, Owner } from '../../session/life/locator.js';
import type { Candidate } from '../candidate.js';
import type { HandedOn, HandOn } from '../placing.js';
import { type Answer, readAnswer } from './answer-head.js';
import { ByteCopy } from './byte-copy.js';
import { DialTurns } from './dial-turns.js';
import type { Hop, HopsParts } from './hop-parts.js';
import { type Dialled, dialOwner } from './owner-line.js';
import { OwnersDrain } from './owners-drain.js';

/** Time between two looks at all connections, milliseconds. */
const LOOK_INTERVAL = 1_000;
/** Least time between two reports of one fault of one replica, milliseconds: all its newcomers see the same. */
const REPORT_INTERVAL = 5_000;

/** Dials of one replica at one time. Each costs both sides some milliseconds of work, and has to be done within its time. */
const DIALS = 16;

type Failed = { readonly t: 'failed'; readonly fault: HopEvidence['fault']; readonly detail: string };
type Asked = Failed | { readonly t: 'broken' } | Extract<HandedOn, { t: 'answered' | 'crowded' }>;

const CROWDED = { t: 'crowded' } as const;

/** Hands upgrades on: sends them, as they came, to the hop listener of the replica that serves the meetup, and copies bytes from then on. */
export class Hops implements HandOn, HandedOver {
  readonly #parts: HopsParts;
  readonly #hops = new Set<Hop>();
  readonly #drain: OwnersDrain;
  readonly #turns: DialTurns;
  #dialling = 0;
  #stopLooking: (() => void) | undefined;
  /** When each fault of each owner was reported, within the last interval; a few for each replica. */
  readonly #reported = new Map<string, number>();

  constructor(parts: HopsParts) {
    this.#parts = parts;
    this.#turns = new DialTurns(parts.clock, DIALS);
    this.#drain = new OwnersDrain(parts, this.#hops);
  }

  get open(): number {
    return this.#hops.size + this.#dialling;
  }

  get placing(): number {
    return this.#parts.times.placing;
  }

  async handOn(candidate: Candidate, owner: Owner, time: number): Promise<HandedOn> {
    const until = this.#parts.clock.steady() + time;
    this.#dialling += 1;
    this.#count();
    try {
      let asked = await this.#ask(candidate, owner, until);
      // A process that has just died breaks off this request and refuses the next one, which proves more.
      if (asked.t === 'broken') asked = await this.#ask(candidate, owner, until);
      if (asked.t === 'answered' || asked.t === 'crowded') return asked;
      const failed = asked.t === 'broken' ? silent('it breaks off what it is asked') : asked;
      this.#failed(owner, failed);
      return { t: 'failed', fault: failed.fault };
    } finally {
      this.#dialling -= 1;
      this.#count();
    }
  }

  /** Bytes that wait here, on their way from one side to the other. */
  get waiting(): number {
    let sum = 0;
    for (const { copy } of this.#hops) sum += copy.waiting;
    return sum;
  }

  drain(plan: DrainPlan): void {
    this.#drain.start(plan);
  }

  /** Cuts every connection; resolves when all have closed. */
  async stop(): Promise<void> {
    this.#drain.stop();
    const hops = [...this.#hops];
    for (const { copy } of hops) copy.cut();
    await Promise.all(hops.map(({ copy }) => copy.over));
  }

  async #ask(candidate: Candidate, owner: Owner, until: number): Promise<Asked> {
    const { clock, times, tls } = this.#parts;
    const left = (): number => Math.max(0, until - clock.steady());
    const dialled = await this.#turns.take(owner.incarnation, left() - times.dial, async () => {
      const time = Math.min(times.dial, left());
      if (candidate.raw.destroyed) return undefined;
      return { time, line: await dialOwner(owner.address, tls(), time, clock) };
    });
    if (dialled === undefined) return CROWDED;
    const { time, line: dialledLine } = dialled;
    if (dialledLine.t !== 'open') {
      const { t, detail } = dialledLine;
      return t === 'silent' && time < times.dial ? CROWDED : { t: 'failed', fault: t, detail };
    }
    const { line } = dialledLine;
    const via = this.#parts.incarnation();
    line.write(requestText(candidate, owner, via), 'latin1');
    const patience = Math.min(times.answer, left());
    const answer = await readAnswer(line, patience, clock);
    const fault = faultOf(answer, owner);
    if (fault === undefined && answer.t === 'head') return this.#pass(candidate, { line, owner, via, answer });
    line.destroy();
    // An owner that was not given all of its time has shown nothing.
    if (answer.t === 'late' && patience < times.answer) return CROWDED;
    return fault ?? { t: 'broken' };
  }

  /** Passes the owner's answer on, and from then on everything. */
  #pass(
    candidate: Candidate,
    { line, owner, via, answer }: Pick<Hop, 'owner' | 'via'> & Open & { answer: Extract<Answer, { t: 'head' }> },
  ): Asked {
    const { clock, times, counts, report } = this.#parts;
    const { raw, head, meetupId = '', marks } = candidate;
    const { status, bytes } = answer;
    candidate.isAnswered = true;
    raw.setTimeout(0);
    raw.setNoDelay();
    raw.write(bytes);
    if (head.length > 0) line.write(head);
    const copy = new ByteCopy(raw, line, times.linger, clock);
    const hop: Hop = { owner, via, copy };
    this.#hops.add(hop);
    this.#stopLooking ??= clock.every(LOOK_INTERVAL, () => this.#look());
    counts.answered(status === 101);
    report.answered(meetupId, marks.requestId, owner, status);
    const over = copy.over.then(() => this.#ended(hop));
    return { t: 'answered', status, over };
  }

  #ended(hop: Hop): void {
    this.#hops.delete(hop);
    this.#count();
    if (this.#hops.size > 0) return;
    this.#stopLooking?.();
    this.#stopLooking = undefined;
  }

  #look(): void {
    for (const { copy } of this.#hops) copy.look(this.#parts.times.quiet);
  }

  #count(): void {
    this.#parts.counts.open = this.open;
  }

  #failed(owner: Owner, { fault, detail }: Failed): void {
    const { clock, counts, report } = this.#parts;
    counts.failed(fault);
    const now = clock.steady();
    for (const [one, at] of this.#reported) if (now - at >= REPORT_INTERVAL) this.#reported.delete(one);
    const what = `${owner.incarnation} ${fault}`;
    if (this.#reported.has(what)) return;
    this.#reported.set(what, now);
    report.failed(owner, fault, detail);
  }
}

type Open = Pick<Extract<Dialled, { t: 'open' }>, 'line'>;

/** The upgrade as it came, its headers in their order, with the marks of the hop. */
function requestText({ request: { url, rawHeaders } }: Candidate, { incarnation }: Owner, via: string): string {
  const lines = [`GET ${url} HTTP/1.1`];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  lines.push(`${HOP_HEADER}: ${via}`, `${OWNER_HEADER}: ${incarnation}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** The fault of the owner that an answer shows; undefined where the answer is for the client, or there is none. */
function faultOf(answer: Answer, { incarnation }: Owner): Failed | undefined {
  if (answer.t === 'broken') return undefined;
  if (answer.t === 'late') return silent(answer.detail);
  if (answer.status !== 421) return undefined;
  if (answer.incarnation === undefined) return silent('it says 421 without its incarnation');
  if (answer.incarnation === incarnation)
    return { t: 'failed', fault: 'moved', detail: 'it serves the meetup no more' };
  return { t: 'failed', fault: 'replaced', detail: `there is ${answer.incarnation} now` };
}

function silent(detail: string): Failed {
  return { t: 'failed', fault: 'silent', detail };
}
