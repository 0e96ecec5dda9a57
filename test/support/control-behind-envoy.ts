import { AdminRig } from './admin.js';
import { ControlRig } from './control.js';
import { startEdge, type TestEdge } from './envoy.js';

/** A control server, the real Envoy before it, and what commands ask it with. */
export interface ControlBehindEnvoy {
  readonly rig: ControlRig;
  readonly edge: TestEdge;
  readonly admin: AdminRig;
  stop(): Promise<void>;
}

export async function startControlBehindEnvoy(): Promise<ControlBehindEnvoy> {
  const rig = await ControlRig.start();
  const edge = await startEdge({ serviceSocket: rig.socketPath, settings: { controlSocket: rig.socketPath } });
  const admin = await AdminRig.make(edge);
  return {
    ...{ rig, edge, admin },
    stop: async () => {
      await admin.remove();
      await edge.stop();
      await rig.stop();
    },
  };
}
