import { fileURLToPath } from 'node:url';
import { ArenaFiles } from '../../arena/arena-files.js';
import type { ReplicaName } from './fleet-plan.js';

/** The name in the certificates of replicas, by which they know each other. */
export const HOP_NAME = 'replica.fleet.test';

/** Certificates, lists and policy of a fleet, and the sockets of its replicas. */
export class FleetFiles extends ArenaFiles {
  /** Command of the build of which replicas are that start from now on. */
  bin = fileURLToPath(new URL('../../../../../bin/ws-proxy.js', import.meta.url));

  constructor() {
    super();
    const { certificate, key } = this.authority.issue({ subject: [], names: [{ dns: HOP_NAME }] });
    this.scratch.write('hop.cert.pem', certificate);
    this.scratch.write('hop.key.pem', key);
  }

  /** Where Envoy sends peers to that replica. */
  peersSocket(name: ReplicaName): string {
    return this.path(`${name}.sock`);
  }

  /** Where Envoy sends operators. */
  controlSocket(name: ReplicaName): string {
    return this.path(`${name}-control.sock`);
  }
}
