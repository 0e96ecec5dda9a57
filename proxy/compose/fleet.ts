import type { AddressInfo } from 'node:net';
import { MeasuredStore } from '../cluster/measured-store.js';
import type { ClusterEffects } from '../cluster/membership/attachment.js';
import type { Cause, Standing } from '../cluster/membership/standing.js';
import { openNats } from '../cluster/nats/open-nats.js';
import { Cluster } from '../cluster/ownership/cluster.js';
import { faultOfTimes, STORE_ANSWER } from '../cluster/times.js';
import { clusterTimes, natsSettings } from '../config/bounds.js';
import { ConfigError } from '../config/load.js';
import type { Config } from '../config/options.js';
import type { FleetLink } from '../control/server-parts.js';
import { HopListener } from '../door/hop/hop-listener.js';
import { type HopTimes, quietAfter } from '../door/hop/hop-parts.js';
import { Hops } from '../door/hop/hops.js';
import { listen } from '../door/listen.js';
import { hopTls } from '../door/tls-files.js';
import type { UpgradeEdge } from '../door/upgrade.js';
import type { Blocks } from '../policy/limits/blocks.js';
import type { Clock } from '../ports/clock.js';
import { inTime } from '../ports/in-time.js';
import { everyPromptly } from '../ports/system-clock.js';
import { BlockFollower } from '../session/block-follower.js';
import { Entrants } from '../session/entrants.js';
import type { Locator } from '../session/life/locator.js';
import type { Standstill } from '../session/standstill.js';
import type { Steering } from '../session/steering.js';
import type { Present } from '../session/views/present.js';
import { ClusterLog } from '../telemetry/logs/cluster-log.js';
import { HopLog } from '../telemetry/logs/hop-log.js';
import { type ClusterFacts, ClusterMetrics } from '../telemetry/metrics/cluster-metrics.js';
import { advertised, controlAddress, controlOf, hopAddress } from './fleet-addresses.js';
import type { Telemetry } from './telemetry.js';
import { openTls } from './tls.js';
import type { Undo } from './unwind.js';

export interface FleetParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly present: Present;
  readonly steering: Steering;
  readonly standstill: Standstill;
  readonly blocks: Blocks;
  /** Digest of the policy in force. */
  readonly policyDigest: () => string;
  readonly replica: string;
  readonly version: string;
  /** Most connections of this replica. */
  readonly maxConnections: number;
  /** Takes the steps by which what was opened is closed again. */
  readonly undo: Undo[];
}

/** This replica as one of a fleet. */
export interface ReplicaInFleet {
  readonly locator: Locator;
  readonly hops: Hops;
  /** What joins its control API with that of the others. */
  readonly link: FleetLink;
  /** Called before input of a peer is handled. */
  beforeReading(): void;
  /** The reason for which this replica takes no newcomers to new meetups; undefined while it does. */
  notReady(): string | undefined;
  /** Listens for the other replicas, and joins them. Resolves when this replica is attached, or after the time for a placing. */
  join(edge: UpgradeEdge): Promise<void>;
}

/** Opens the way to the other replicas. Throws ConfigError, ListenError and NatsFileError. */
export async function openFleet(parts: FleetParts): Promise<ReplicaInFleet> {
  const { config, clock, telemetry, present, steering, blocks, undo } = parts;
  const { statistics, metrics, log } = telemetry;
  const times = clusterTimes(config);
  const fault = faultOfTimes(times, config.probeTimeout);
  if (fault !== undefined) throw new ConfigError(fault);
  const address = hopAddress(config);
  const hop = advertised(config, address);
  const tls = await openTls('hop', {
    read: () => hopTls(address, config),
    ...{ telemetry, clock, undo },
  });
  const report = new ClusterLog(log.logger);

  const settings = { ...natsSettings(config), name: parts.replica, requestTime: STORE_ANSWER };
  const nats = openNats(settings, { tell: (level, what, detail) => report.store(level, what, detail) });
  undo.push(() => nats.close());
  const follower = new BlockFollower({ blocks, steering, clock });
  undo.push(nats.blocks.follow(follower));

  const self = { name: parts.replica, version: parts.version, address: hop, control: '' };
  const measured = new ClusterMetrics(() => factsOf(cluster, clock));
  const cluster = new Cluster({
    store: new MeasuredStore(nats.store, clock, (operation, result, time) => measured.took(operation, result, time)),
    ...{ clock, promptly: everyPromptly, times, maxMeetups: parts.maxConnections, lost: config.clusterLost },
    ...{ self, policyDigest: parts.policyDigest, effects: effectsOf(parts) },
    report: {
      moved: (to) => report.stands(to.t, cluster.incarnation, whyNot(to)),
      reincarnated: (incarnation, why) => report.reincarnated(incarnation, why),
      declared: (incarnation, why) => report.declared(incarnation, why),
      woken: (time) => report.woken(time),
      deposed: (meetups) => report.deposed(meetups),
    },
  });
  undo.push(() => cluster.stop());
  const hops = new Hops({
    clock,
    times: hopTimesOf(config),
    incarnation: () => cluster.incarnation,
    tls: () => tls?.present,
    ...{ counts: telemetry.hops, report: new HopLog(telemetry.meetupLevels) },
  });
  metrics.join(measured);

  const entrants = new Entrants({ present, steering, clock, statistics });
  return {
    locator: cluster,
    hops,
    link: { fleet: cluster, tls: () => tls?.present, shared: nats.blocks, follower },
    beforeReading: () => cluster.beforeReading(),
    notReady: () =>
      whyNot(cluster.standing) ?? (nats.blocks.isWhole ? undefined : 'the blocks of the fleet are not read yet'),
    join: async (edge) => {
      const control = controlAddress(config);
      const listener = new HopListener({
        ...{ edge, tls: tls?.present, clock, linger: config.closeTimeout, control },
        drain: (via, plan) => entrants.drain(via, plan),
      });
      tls?.keep(listener.server);
      await listen(listener.server, address, {
        ...{ option: 'hop-listen', backlog: parts.maxConnections, fault: telemetry.fault },
      });
      undo.push(async () => {
        listener.stop();
        await hops.stop();
      });
      const { port } = (listener.server.address() ?? {}) as Partial<AddressInfo>;
      if (port !== undefined) self.address = hop.replace(/:0$/, `:${port}`);
      self.control = controlOf(control, self.address, tls !== undefined);
      await inTime(cluster.start(), times.placing, clock);
    },
  };
}

function hopTimesOf(config: Config): HopTimes {
  const { hopDial, hopAnswer, placing, closeTimeout } = config;
  return { dial: hopDial, answer: hopAnswer, placing, linger: closeTimeout, quiet: quietAfter(config) };
}

/** What the ownership protocol has done to the peers here. */
function effectsOf({ present, steering, standstill }: FleetParts): ClusterEffects {
  return {
    hold: () => standstill.hold(),
    release: () => standstill.release(),
    deposed: (meetupIds) => void steering.depose(new Set(meetupIds)),
    endPairs: () => {
      const paired = [...present.sessions.values()].filter(({ state }) => state.t === 'paired');
      const meetupIds = new Set(paired.map(({ meetupId }) => meetupId));
      steering.depose(meetupIds, 'unplaced');
    },
  };
}

/** Why a replica takes no newcomers to new meetups; undefined when it does. */
function whyNot(standing: Standing): string | undefined {
  switch (standing.t) {
    case 'starting':
      return 'this replica has not reached the store of the fleet yet';
    case 'attached':
      return undefined;
    case 'quarantine':
      return 'the store of the fleet has lost data: others may have yet to say which meetups they serve';
    case 'detached':
      return `this replica is detached from the fleet: ${CAUSES[standing.cause]}`;
    case 'stopped':
      return 'this replica has left the fleet';
  }
}

const CAUSES: Readonly<Record<Cause, string>> = {
  disconnected: 'the connection to its store is lost',
  overdue: 'its store does not answer',
  woken: 'the process was stopped',
  declared_dead: 'it was declared dead',
  store_lost: 'its store has lost data',
};

function factsOf({ standing, meetups, counts }: Cluster, clock: Clock): ClusterFacts {
  const { taken, takenOver, released, asserted, deposed, conflicts, reincarnated, declared, holds } = counts;
  const present = standing.t === 'detached' ? clock.steady() - standing.since : 0;
  return {
    ...{ meetups, reincarnated, declared, holds, standing: standing.t },
    detached: (counts.detachedTime + present) / 1000,
    claims: { taken, taken_over: takenOver, released, asserted, deposed, conflict: conflicts },
  };
}
