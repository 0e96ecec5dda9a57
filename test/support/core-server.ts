import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { Socket as RawSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../proxy/ports/system-clock.js';
import type { Admission } from '../../proxy/session/life/admission.js';
import type { Registry, RegistryBounds } from '../../proxy/session/registry.js';
import type { Standstill } from '../../proxy/session/standstill.js';
import type { Steering } from '../../proxy/session/steering.js';
import type { EventReader } from '../../proxy/session/views/events.js';
import type { Present } from '../../proxy/session/views/present.js';
import { acceptor, type TransportBounds } from '../../proxy/transport/accept.js';
import type { EndingLabel } from '../../proxy/wire/close.js';
import { MEETUP_PREFIX, meetupIdFrom } from '../../proxy/wire/path.js';
import { BOUNDS } from './core.js';
import { type CoreNeeds, coreOf, NO_ROOM } from './core-parts.js';
import { admission } from './fixtures.js';

export type CoreBounds = RegistryBounds & TransportBounds;

/** The defaults of the service. */
export const CORE_SERVER_BOUNDS: CoreBounds = {
  ...BOUNDS,
  highMark: 1024 * 1024,
  lowMark: 256 * 1024,
  maxSessions: 10_000,
  maxMessageBytes: 4 * 1024 * 1024,
  maxFragments: 1024,
  closeTimeout: 2_000,
};

/** The parts that a test may give the core; the usual clock is the system's. */
export type ServerNeeds = Partial<Omit<CoreNeeds, 'bounds'>> & { readonly beforeReading?: () => void };

/** The header of an upgrade in which a client names its role; the door of the service reads it out of a policy. */
export const ROLE_HEADER = 'x-test-role';

/** Registry and transport of the service on a unix socket, with no door before them: every path is let in. */
export class CoreServer {
  readonly registry: Registry;
  readonly present: Present;
  readonly steering: Steering;
  readonly standstill: Standstill;
  readonly bounds: CoreBounds;
  readonly socketPath: string;
  /** The ends of the connections, in order. */
  readonly endings: EndingLabel[] = [];
  readonly #undo: () => Promise<void>;
  #watchers: (() => void)[] = [];

  private constructor(folder: string, bounds: CoreBounds, needs: ServerNeeds) {
    this.bounds = bounds;
    this.socketPath = join(folder, 'core.sock');
    const core = coreOf({ clock: systemClock, ...needs, bounds, readers: [this.#reader(), ...(needs.readers ?? [])] });
    this.registry = core.registry;
    this.present = core.present;
    this.steering = core.steering;
    this.standstill = core.standstill;
    this.registry.start();
    const accept = acceptor(bounds, needs.beforeReading);
    const raws = new Set<RawSocket>();
    const server = createServer().on('upgrade', (request: IncomingMessage, raw: RawSocket, head: Buffer) => {
      raws.add(raw);
      raw.on('error', () => raw.destroy()).once('close', () => raws.delete(raw));
      const path = meetupIdFrom(request.url ?? '');
      const socket = 'ok' in path ? accept(request, raw, head) : undefined;
      if (socket !== undefined && 'ok' in path) {
        this.registry.admit(socket, admission({ meetupId: path.ok, role: roleIn(request) }), NO_ROOM);
      }
    });
    server.listen(this.socketPath);
    this.#undo = async () => {
      this.registry.stop();
      for (const raw of raws) raw.destroy();
      await this.until(() => this.present.counts.connections === 0);
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    };
  }

  static async start(bounds: Partial<CoreBounds> = {}, needs: ServerNeeds = {}): Promise<CoreServer> {
    const folder = await mkdtemp(join(tmpdir(), 'wsp-core-'));
    return new CoreServer(folder, { ...CORE_SERVER_BOUNDS, ...bounds }, needs);
  }

  stop(): Promise<void> {
    return this.#undo();
  }

  /** For `ws`: the address of a meetup. */
  url(meetupId: string): string {
    return `ws+unix:${this.socketPath}:${MEETUP_PREFIX}${meetupId}`;
  }

  /** Resolves with the ends of the connections once this many have ended. */
  async ended(count: number): Promise<EndingLabel[]> {
    while (this.endings.length < count) await this.#next();
    return this.endings;
  }

  /** Resolves once the condition holds; it is checked when a peer sits, pairs or ends. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await this.#next();
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#watchers.push(resolve);
    });
  }

  #reader(): EventReader {
    const wake = (): void => {
      const watchers = this.#watchers;
      this.#watchers = [];
      for (const watcher of watchers) watcher();
    };
    return {
      seated: wake,
      paired: wake,
      ended: (_, { label }) => {
        this.endings.push(label);
        wake();
      },
    };
  }
}

function roleIn({ headers }: IncomingMessage): Admission['role'] {
  const role = headers[ROLE_HEADER];
  return role === 'manager' || role === 'gateway' ? role : 'any';
}
