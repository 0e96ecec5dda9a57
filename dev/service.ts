import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { V8_FLAGS } from '../proxy/v8-flags.js';
import { type Part, startPart } from './part.js';
import type { RunFiles } from './prepare.js';

const command = fileURLToPath(new URL('../../bin/ws-proxy.js', import.meta.url));

/** Starts `ws-proxy serve` on the run's files; what the environment says about other options holds. */
export function startService(files: RunFiles, metricsPort: number, env: NodeJS.ProcessEnv): Part {
  return startPart({
    name: 'the service',
    command: process.execPath,
    args: [
      ...[...V8_FLAGS, command, 'serve'],
      ...['--listen', `unix:${files.serviceSocket}`],
      ...['--control-listen', `unix:${files.controlSocket}`],
      ...['--metrics-port', String(metricsPort), '--page', 'true'],
      ...['--policy', files.policy],
      ...['--crl', join(files.certs, 'root.crl.pem')],
      ...['--crl-ca', files.authorities],
      ...['--crl-stage', join(files.trust, 'root.crl.pem')],
      ...['--audit-log', join(files.logDir, 'audit.log')],
    ],
    // At a desk nobody wants to wait for invocations that never end.
    env: { WS_PROXY_DRAIN_DEADLINE: '2s', ...env },
    stdout: join(files.logDir, 'service.log'),
    stderr: join(files.logDir, 'service.log'),
    shielded: true,
  });
}
