import type { IncomingMessage } from 'node:http';
import type { Socket as RawSocket } from 'node:net';
import { Duplex } from 'node:stream';
import type { HandedOn, HandOn } from '../../proxy/door/placing.js';
import { UpgradeEdge } from '../../proxy/door/upgrade.js';
import type { Door } from '../../proxy/policy/door.js';
import { AdmissionLimits } from '../../proxy/policy/limits/admission-limits.js';
import type { Admission } from '../../proxy/session/life/admission.js';
import type { HopEvidence, Locator, Placement } from '../../proxy/session/life/locator.js';
import type { Room, Seats } from '../../proxy/session/life/seats.js';
import { FakeClock } from './fake-clock.js';
import { FakeSocket } from './fake-socket.js';
import { identityHeaders } from './service.js';

export const FINGERPRINT = 'a'.repeat(64);
const OWNER = { incarnation: 'r2-1', replica: 'r2', address: 'unix:/r2.sock' };
export const HERE: Placement = { t: 'here' };
export const THERE: Placement = { t: 'there', owner: OWNER };
export const NOWHERE: Placement = { t: 'nowhere', detail: 'detached' };
const ALLOWED = { allowed: true, role: 'any', limits: {}, rule: 'r', reason: '' } as const;
const REVOKED = { label: 'certificate_revoked', detail: '' } as const;
const DRAINING = { label: 'draining', detail: '' } as const;

/** A connection of which only the bytes written to it are seen. */
export class FakeRaw extends Duplex {
  text = '';

  override _read(): void {}

  override _write(data: Buffer, _: string, done: () => void): void {
    this.text += data.toString('latin1');
    done();
  }

  get status(): number {
    return Number(this.text.slice(9, 12));
  }
}

/** The facts that decide what becomes of one upgrade. */
export interface Story {
  /** The answers of the locator, in turn; the last one again and again. */
  readonly placements: readonly Placement[];
  /** Whether the locator has to wait for its answers. */
  readonly isLate: boolean;
  /** Whether its answer after a hop comes when the time for all of the placing is over. */
  readonly isStuck?: boolean;
  readonly hop: boolean;
  /** What becomes of each hop, in turn. */
  readonly hops: readonly (HopEvidence['fault'] | 'crowded' | 101 | 409)[];
  readonly contest: 'free' | 'meetup_full' | 'fault';
  /** The door's answers: before the placing, and after the contest. */
  readonly door: readonly ['in' | 'draining', 'in' | 'draining' | 'revoked' | 'fault'];
  readonly isLost: boolean;
  readonly accept: 'accepted' | 'gone' | 'fault';
  /** When the client goes: never before the end, while its meetup is looked for, or in the contest. */
  readonly goes: 'later' | 'placing' | 'contest';
}

const USUAL: Story = {
  ...{ placements: [HERE], isLate: false, hop: false, hops: [], contest: 'free', door: ['in', 'in'] },
  ...{ isLost: false, accept: 'accepted', goes: 'later' },
};

/** One upgrade at a door whose surroundings follow the story. */
class Run {
  readonly raw = new FakeRaw();
  readonly limits = new AdmissionLimits({
    ...{ total: 99, connections: 9, connectsPerSecond: 99, connectBurst: 99, greetings: 3 },
  });
  readonly refused: string[] = [];
  readonly evidence: (HopEvidence['fault'] | undefined)[] = [];
  readonly faults: unknown[] = [];
  /** `here` answers less `leave` calls. */
  owed = 0;
  /** Most that was owed, and least. */
  readonly range = { most: 0, least: 0 };
  admitted: { readonly admission: Admission; readonly room: Room } | undefined;
  readonly #clock = new FakeClock();
  readonly #story: Story;
  readonly #endHop: (() => void)[] = [];

  constructor(story: Story) {
    this.#story = story;
  }

  async play(headers: Record<string, string> = {}): Promise<void> {
    const { hop, door } = this.#story;
    let judged = 0;
    const edge = new UpgradeEdge({
      clock: this.#clock,
      seats: this.#seats(),
      door: { judge: () => answerOf(door[judged++ === 0 ? 0 : 1]) },
      limits: this.limits,
      locator: this.#locator(),
      hops: this.#hops(),
      accept: () => this.#accept(),
      refused: ({ refusal }) => void this.refused.push(refusal.label),
      origins: () => true,
      fault: (error) => void this.faults.push(error),
      pathPrefix: '/p/',
      maxConnections: 9,
    });
    const marks = hop ? { 'x-ws-proxy-hop': 'r2-1', 'x-ws-proxy-owner': 'r1-1' } : {};
    const request = requestWith({ ...marks, ...headers });
    const decided = edge[hop ? 'handleHop' : 'handle'](request, this.raw as unknown as RawSocket, Buffer.alloc(0));
    await decided;
    for (const end of this.#endHop) end();
    await Promise.resolve();
  }

  #locator(): Locator {
    const { placements, isLate, isStuck, isLost, goes } = this.#story;
    let asked = 0;
    return {
      mayPair: true,
      incarnation: 'r1-1',
      locate: (_, evidence) => {
        this.evidence.push(evidence?.fault);
        const placement = placements[Math.min(asked, placements.length - 1)] ?? NOWHERE;
        asked += 1;
        if (goes === 'placing') this.raw.destroy();
        if (isStuck === true && evidence !== undefined) return this.#stuck(placement);
        if (placement.t === 'here') this.#owe(1);
        return isLate || asked > 1 ? Promise.resolve(placement) : placement;
      },
      serves: () => !isLost,
      leave: () => this.#owe(-1),
    };
  }

  #stuck(placement: Placement): Promise<Placement> {
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#clock.advance(4_000);
        if (placement.t === 'here') this.#owe(1);
        resolve(placement);
      });
    });
  }

  #owe(change: number): void {
    this.owed += change;
    this.range.most = Math.max(this.range.most, this.owed);
    this.range.least = Math.min(this.range.least, this.owed);
  }

  #hops(): HandOn {
    const { hops } = this.#story;
    let tried = 0;
    return {
      open: 0,
      placing: 4_000,
      handOn: async (): Promise<HandedOn> => {
        const end = hops[tried] ?? 'silent';
        tried += 1;
        if (end === 'crowded') return { t: 'crowded' };
        if (typeof end === 'string') return { t: 'failed', fault: end };
        return { t: 'answered', status: end, over: new Promise((resolve) => this.#endHop.push(resolve)) };
      },
    };
  }

  #seats(): Seats {
    const { contest, goes } = this.#story;
    return {
      contest: async () => {
        if (goes === 'contest') this.raw.destroy();
        if (contest === 'fault') throw new Error('contest');
        return contest === 'free' ? undefined : contest;
      },
      admit: (_, admission, room) => {
        this.admitted = { admission, room };
      },
    };
  }

  #accept(): FakeSocket | undefined {
    const { accept } = this.#story;
    if (accept === 'fault') throw new Error('accept');
    return accept === 'gone' || this.raw.destroyed ? undefined : new FakeSocket();
  }
}

function answerOf(answer: Story['door'][1]): ReturnType<Door['judge']> {
  if (answer === 'fault') throw new Error('door');
  if (answer === 'in') return ALLOWED;
  return answer === 'draining' ? DRAINING : REVOKED;
}

export function requestWith(more: Record<string, string>): IncomingMessage {
  const headers: Record<string, string> = {
    ...{ host: 'a', upgrade: 'websocket', 'sec-websocket-version': '13' },
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    ...identityHeaders({ fingerprint: FINGERPRINT }),
    ...more,
  };
  const fields = { method: 'GET', url: '/p/m', headers, rawHeaders: Object.entries(headers).flat() };
  return { ...fields, socket: {} } as unknown as IncomingMessage;
}

/** Plays one upgrade: the usual story, with what the test tells differently. */
export async function played(story: Partial<Story>, headers?: Record<string, string>): Promise<Run> {
  const run = new Run({ ...USUAL, ...story });
  await run.play(headers);
  return run;
}
