import type { Ports } from '../../../dev/settings.js';
import { renderEdge } from '../../../envoy/render.js';
import { edgeSettings } from '../../support/edge-settings.js';
import { OtlpReceiver } from '../../support/otlp-receiver.js';
import { PREFIX } from '../../support/stack.js';
import type { Side } from '../judge/history.js';
import { CrowdProcess } from '../peers/crowd-process.js';
import { Newcomers } from '../peers/newcomers.js';
import type { Stage } from '../stage.js';
import { ArenaFiles } from './arena-files.js';
import type { ArenaPart } from './arena-part.js';
import { envoyPart, servicePart } from './arena-parts.js';
import { ARENA_VARIABLE, type ArenaPlan } from './arena-plan.js';
import { Cable } from './cable.js';
import { freePorts } from './free-ports.js';
import { holdsOnly } from './held.js';

/** Envoy, the service and two crowds of peers, each a process of its own that can be killed, stopped and cut off. */
export class Arena implements Stage {
  readonly files = new ArenaFiles();
  readonly ports: Ports;
  readonly envoy: ArenaPart;
  readonly service: ArenaPart;
  readonly crowds: Readonly<Record<Side, CrowdProcess>>;
  readonly #cable: Cable | undefined;
  readonly #newcomers: Newcomers | undefined;
  readonly #collector: OtlpReceiver | undefined;

  private constructor(plan: ArenaPlan, ports: Ports, collector: Collector | undefined) {
    const { files } = this;
    this.ports = ports;
    const env = { ...process.env, [ARENA_VARIABLE]: files.scratch.directory };
    const log = (name: string): string => files.path(`log/${name}.log`);
    const ownNetwork = plan.hasCable === true ? ['unshare', '--net'] : [];
    const managers = new CrowdProcess(log('managers'), env, ownNetwork);
    this.crowds = { manager: managers, gateway: new CrowdProcess(log('gateways'), env, ownNetwork) };
    this.#cable = plan.hasCable === true ? new Cable(managers.pid, this.crowds.gateway.pid) : undefined;
    this.#newcomers = plan.hasNewcomers === true ? new Newcomers(log, env) : undefined;
    const within = this.#cable?.within ?? [];
    this.#collector = collector?.receiver;
    const parts = { plan, files, ports, env: { ...env, ...collector?.env }, within };
    this.service = servicePart(parts);
    this.envoy = envoyPart(parts);
  }

  static async start(plan: ArenaPlan = {}): Promise<Arena> {
    const collector = plan.hasCollector === true ? await startCollector() : undefined;
    const arena = new Arena(plan, await freePorts(), collector);
    try {
      await Promise.all(Object.values(arena.crowds).map((crowd) => crowd.up()));
      await arena.#newcomers?.up();
      await arena.#cable?.plug();
      await renderEdge(arena.#edge());
      await Promise.all([arena.service.revive(), arena.envoy.revive()]);
      return arena;
    } catch (error) {
      await arena.close();
      throw error;
    }
  }

  get parts(): readonly ArenaPart[] {
    return [this.service, this.envoy];
  }

  urls(side: Side): readonly string[] {
    return [this.url(side)];
  }

  async whileTheySit(): Promise<readonly string[]> {
    return [];
  }

  /** The service must hold nothing of anybody, where it can be asked. */
  async whenTheyHaveGone(): Promise<readonly string[]> {
    if (this.#cable !== undefined) return [];
    return holdsOnly(0, this.ports.metrics).then(
      () => [],
      (error: Error) => [error.message],
    );
  }

  /** Where the peers of a side dial. */
  url(side: Side): string {
    const host = side === 'gateway' && this.#cable !== undefined ? this.#cable.hubAddress : 'localhost';
    return `wss://${host}:${this.ports.peers}${PREFIX}`;
  }

  get cable(): Cable {
    if (this.#cable === undefined) throw new Error('this arena has no cable');
    return this.#cable;
  }

  get newcomers(): Newcomers {
    if (this.#newcomers === undefined) throw new Error('nobody comes to this arena');
    return this.#newcomers;
  }

  get collector(): OtlpReceiver {
    if (this.#collector === undefined) throw new Error('this arena has no collector');
    return this.#collector;
  }

  /** Ends everything, whatever was done to it. */
  async close(): Promise<void> {
    await Promise.all([this.service.close(), this.envoy.close()]);
    await Promise.all(Object.values(this.crowds).map((crowd) => crowd.stop()));
    await this.#newcomers?.stop();
    await this.#collector?.stop();
    this.files.remove();
  }

  #edge() {
    const { files, ports } = this;
    return edgeSettings(files.scratch.directory, {
      address: this.#cable === undefined ? '127.0.0.1' : '0.0.0.0',
      peersPort: ports.peers,
      controlPort: ports.control,
      adminPort: ports.admin,
      clientCa: files.path('trust/root.cert.pem'),
      clientCrl: files.path('trust/root.crl.pem'),
    });
  }
}

interface Collector {
  readonly receiver: OtlpReceiver;
  readonly env: NodeJS.ProcessEnv;
}

async function startCollector(): Promise<Collector> {
  const receiver = new OtlpReceiver();
  const endpoint = await receiver.start();
  const often = {
    OTEL_BSP_SCHEDULE_DELAY: '500',
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_METRIC_EXPORT_TIMEOUT: '1000',
  };
  return { receiver, env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...often } };
}
