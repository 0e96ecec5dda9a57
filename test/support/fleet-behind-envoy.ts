import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdminRig } from './admin.js';
import { BreakableLine } from './breakable-line.js';
import { startEdge } from './envoy.js';
import { FleetRig } from './fleet.js';

/** Three control servers that are a fleet, the real Envoy before the first, and what commands ask it with. */
export interface FleetBehindEnvoy {
  readonly fleet: FleetRig;
  /** Envoy's way to the first replica. */
  readonly line: BreakableLine;
  readonly admin: AdminRig;
  stop(): Promise<void>;
}

export async function startFleetBehindEnvoy(): Promise<FleetBehindEnvoy> {
  const fleet = await FleetRig.start();
  const folder = await mkdtemp(join(tmpdir(), 'wsl-'));
  const controlSocket = join(folder, 'c.sock');
  const line = await BreakableLine.atSocket(controlSocket, fleet.at(0).rig.socketPath);
  const edge = await startEdge({ serviceSocket: controlSocket, settings: { controlSocket } });
  const admin = await AdminRig.make(edge);
  return {
    ...{ fleet, line, admin },
    stop: async () => {
      await admin.remove();
      await edge.stop();
      await line.close();
      await fleet.stop();
      await rm(folder, { recursive: true });
    },
  };
}
