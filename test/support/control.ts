import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials, Metadata } from '@grpc/grpc-js';
import { Taps } from '../../proxy/control/calls/taps.js';
import type { ControlServiceClient } from '../../proxy/control/generated/micronets/wsproxy/control/v1/ControlService.js';
import { CONTROL_LIMITS, type ControlLimits } from '../../proxy/control/limits.js';
import { controlClient } from '../../proxy/control/rpc/client.js';
import type { CallRecord, ReloadOutcome } from '../../proxy/control/rpc/ports.js';
import { ControlServer } from '../../proxy/control/server.js';
import type { FleetLink } from '../../proxy/control/server-parts.js';
import { SessionFeed } from '../../proxy/control/session-feed.js';
import { Memory } from '../../proxy/history/memory.js';
import { Blocks } from '../../proxy/policy/limits/blocks.js';
import type { Rights } from '../../proxy/policy/rules/rights.js';
import { systemClock } from '../../proxy/ports/system-clock.js';
import { BlockFollower } from '../../proxy/session/block-follower.js';
import { Drain } from '../../proxy/session/drain.js';
import { inTurn, type RelayedSession } from '../../proxy/session/life/message-observer.js';
import type { Peer } from '../../proxy/session/life/peer.js';
import type { Registry } from '../../proxy/session/registry.js';
import type { Steering } from '../../proxy/session/steering.js';
import type { Present } from '../../proxy/session/views/present.js';
import { type InvocationStatistics, NO_INVOCATIONS } from '../../proxy/session/views/statistics.js';
import { createLogger } from '../../proxy/telemetry/logs/logger.js';
import { MeetupLevels } from '../../proxy/telemetry/logs/meetup-levels.js';
import type { LogLevel } from '../../proxy/wire/log-levels.js';
import { identityFrom } from '../../proxy/x509/identity-headers.js';
import { coreOf, NO_ROOM } from './core-parts.js';
import { FakeSocket } from './fake-socket.js';
import { admission, hello } from './fixtures.js';
import { callsInto } from './kept-calls.js';
import { identityHeaders } from './service.js';

/** Certificates of the tests' operators, by what the tests' policy lets them do. */
export const CERTIFICATES = {
  viewer: '1'.repeat(64),
  operator: '2'.repeat(64),
  tapper: '3'.repeat(64),
  admin: '4'.repeat(64),
  peer: '5'.repeat(64),
} as const;
/** The name of an operator. */
export type Operator = keyof typeof CERTIFICATES;

const HELD = {
  viewer: { level: 'viewer', tapBodies: false },
  operator: { level: 'operator', tapBodies: false },
  tapper: { level: 'operator', tapBodies: true },
  admin: { level: 'admin', tapBodies: true },
} as const;

/** The rights by fingerprint, and by subject for certificates that a test issues. */
const GRANTS: Readonly<Record<string, Rights>> = Object.fromEntries(
  Object.entries(HELD).flatMap(([name, grant]) => [
    [CERTIFICATES[name as Operator], grant],
    [`O=${name}`, grant],
  ]),
);

/** What makes a rig one of several replicas. */
export interface RigPlace {
  /** Name of the replica. */
  readonly replica: string;
  /** Its link to the others; undefined where it is alone. */
  readonly link?: Omit<FleetLink, 'follower'>;
  /** True to listen on a free port of this machine instead of the socket. */
  readonly isOnPort?: boolean;
}

/** A registry with fake peers behind the real control server on a unix socket. */
export class ControlRig {
  readonly audit: CallRecord[] = [];
  readonly defects: unknown[] = [];
  readonly blocks = new Blocks();
  readonly memory: Memory;
  /** What the log is told of itself, and the levels that single meetups have. */
  readonly logLines: string[] = [];
  readonly meetupLevels = new MeetupLevels(
    createLogger('info', { write: (line) => this.logLines.push(line) }),
    systemClock,
  );
  readonly feed: SessionFeed;
  readonly taps = new Taps();
  readonly registry: Registry;
  readonly present: Present;
  readonly steering: Steering;
  readonly drain: Drain;
  readonly server: ControlServer;
  /** Takes in the blocks of a fleet. */
  readonly follower: BlockFollower;
  readonly grants: Record<string, Rights> = { ...GRANTS };
  readonly statistics = new Map<RelayedSession, InvocationStatistics>();
  reload: ReloadOutcome = { ok: { changed: true, endedConnections: 0 } };
  level: LogLevel = 'info';
  /** SHA-256 of the policy that it says is in force. */
  digest = 'abc';
  notReady: string | undefined;
  readonly #folder: string;
  #port = 0;
  readonly #auditors: (() => void)[] = [];
  readonly #clients: ControlServiceClient[] = [];

  private constructor(folder: string, limits: ControlLimits, { replica, link }: RigPlace) {
    this.#folder = folder;
    const statistics = { of: (session: RelayedSession) => this.statistics.get(session) ?? NO_INVOCATIONS };
    const bounds = {
      helloTimeout: 60_000,
      helloMaxBytes: 65_536,
      pingInterval: 60_000,
      pingTimeout: 60_000,
      stallTimeout: 60_000,
      messageTimeout: 3_600_000,
      highMark: 1_000_000,
      lowMark: 500_000,
      probeTimeout: 2000,
      maxSessions: 100_000,
      waitTimeout: 0,
    };
    this.memory = new Memory(systemClock, 4 * 1024 * 1024);
    const messages = inTurn(this.taps, callsInto(this.memory, systemClock));
    const core = coreOf({ clock: systemClock, bounds, messages, statistics, readers: [this.memory] });
    const { overview, events, present, steering } = core;
    this.registry = core.registry;
    this.present = present;
    this.steering = steering;
    this.feed = new SessionFeed(overview, events, systemClock, replica, limits);
    this.drain = new Drain(present, steering, systemClock, statistics);
    this.follower = new BlockFollower({ blocks: this.blocks, steering, clock: systemClock });
    this.server = new ControlServer(
      {
        facts: { replica, version: '0.0.0', startedAt: Date.now(), maxSessions: 100_000 },
        feed: this.feed,
        taps: this.taps,
        overview,
        steering,
        drain: this.drain,
        drainPlan: { deadline: 30_000, batch: 100, interval: 20, spread: 0 },
        blocks: this.blocks,
        memory: this.memory,
        traceLink: 'https://jaeger.example/trace/{trace_id}',
        notReady: () => this.notReady,
        link: link && { ...link, follower: this.follower },
        readIdentity: identityFrom,
        rights: {
          rightsOf: ({ fingerprint, subject }) =>
            this.grants[fingerprint] ?? this.grants[subject] ?? { level: 'none', tapBodies: false },
        },
        explainer: {
          explain: (_identity, meetupId) => ({
            allowed: meetupId.startsWith('sub/'),
            refusal: meetupId.startsWith('sub/') ? '' : 'policy_denied',
            role: 'any',
            rule: 'one',
            reason: 'because',
            steps: ['rule one: fits'],
          }),
        },
        policy: {
          info: () => ({ source: 'policy.yaml', digest: this.digest, rules: 3, loadedAt: Date.now(), lastError: '' }),
          reload: async () => this.reload,
        },
        log: {
          level: () => this.level,
          setLevel: (level) => {
            this.level = level;
          },
        },
        meetupLevels: this.meetupLevels,
        audit: {
          record: (entry) => {
            this.audit.push(entry);
            for (const tell of this.#auditors.splice(0)) tell();
          },
        },
        clock: systemClock,
        defect: (error) => void this.defects.push(error),
      },
      limits,
    );
  }

  static async start(limits: Partial<ControlLimits> = {}, place: RigPlace = ALONE): Promise<ControlRig> {
    const rig = new ControlRig(await mkdtemp(join(tmpdir(), 'wsc-')), { ...CONTROL_LIMITS, ...limits }, place);
    rig.#port = await rig.server.listen(place.isOnPort === true ? '127.0.0.1:0' : `unix:${rig.socketPath}`);
    return rig;
  }

  /** The port that it listens on; 0 for the socket. */
  get port(): number {
    return this.#port;
  }

  get socketPath(): string {
    return join(this.#folder, 'c.sock');
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.server.stop();
    this.registry.stop();
    if (this.defects.length > 0) throw this.defects[0];
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Waits until that many calls have their line in the audit. */
  async audited(count: number): Promise<void> {
    while (this.audit.length < count) await new Promise<void>((resolve) => this.#auditors.push(resolve));
  }

  /** A client that sends the headers of that operator, as the edge would. */
  client(): ControlServiceClient {
    // The client has a connection of its own, since clients on one connection share its flow control.
    const alone = { 'grpc.use_local_subchannel_pool': 1 };
    const client = controlClient(`unix:${this.socketPath}`, credentials.createInsecure(), alone);
    this.#clients.push(client);
    return client;
  }

  /** A peer that has sent its HELLO. */
  join(meetupId: string, given: Partial<Peer['admission']> = {}, peerId = 'gw service 1'): JoinedPeer {
    const socket = new FakeSocket();
    const peer = this.registry.admit(socket, admission({ meetupId, ...given }), NO_ROOM);
    socket.receive(hello(peerId));
    return { socket, peer };
  }

  /** Two peers that meet. */
  pair(meetupId: string): [JoinedPeer, JoinedPeer] {
    return [this.join(meetupId), this.join(meetupId)];
  }
}

const ALONE: RigPlace = { replica: 'replica-1' };

export interface JoinedPeer {
  readonly socket: FakeSocket;
  readonly peer: Peer;
}

/** The metadata that the edge sets for that operator. */
export function as(operator: Operator, more: { notAfter?: number } = {}): Metadata {
  const metadata = new Metadata();
  const headers = identityHeaders({ cn: operator, fingerprint: CERTIFICATES[operator], ...more });
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}
