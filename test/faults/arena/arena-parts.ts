import { chmodSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type EnvoyPlan, envoyPorts, startEnvoyPart } from '../../../dev/envoy.js';
import { startPart } from '../../../dev/part.js';
import type { Ports } from '../../../dev/settings.js';
import { accepts, get, waitFor } from '../../../dev/wait.js';
import { V8_FLAGS } from '../../../proxy/v8-flags.js';
import { envoyBinary } from '../../support/envoy.js';
import type { ArenaFiles } from './arena-files.js';
import { ArenaPart } from './arena-part.js';
import { ARENA_VARIABLE, type ArenaPlan } from './arena-plan.js';

const BIN = fileURLToPath(new URL('../../../../bin/ws-proxy.js', import.meta.url));
/** Milliseconds from a start to readiness, on a machine that does other work besides. */
const READY_MS = 60_000;

/** What both parts are made with. */
export interface PartsPlan {
  readonly plan: ArenaPlan;
  readonly files: ArenaFiles;
  readonly ports: Ports;
  readonly env: NodeJS.ProcessEnv;
  /** What stands before each command, such as the way into another network. */
  readonly within: readonly string[];
}

/** `ws-proxy serve` as `npm start` runs it. */
export function servicePart({ plan, files, ports, env, within }: PartsPlan): ArenaPart {
  const socket = files.path('service.sock');
  const serve = [
    ...[process.execPath, ...V8_FLAGS, BIN, 'serve', '--listen', `unix:${socket}`],
    ...['--control-listen', `unix:${files.path('control.sock')}`],
    ...['--metrics-port', String(ports.metrics), '--log-format', 'json', '--policy', files.path('policy.yaml')],
    ...['--crl', files.path('certs/root.crl.pem'), '--crl-ca', files.path('certs/root.cert.pem')],
    ...['--crl-stage', files.path('trust/root.crl.pem'), '--audit-log', files.path('disk/audit.log')],
    ...(plan.serviceFlags?.(files) ?? []),
  ];
  const [command = '', ...args] = [...within, ...(plan.aroundService?.(files) ?? []), ...serve];
  const start = (run: number) => {
    const log = files.path(`log/service.${run}.log`);
    const more = plan.serviceEnv?.(files) ?? {};
    return startPart({ name: 'the service', command, args, env: { ...env, ...more }, stdout: log, stderr: log });
  };
  return new ArenaPart('the service', start, async (signal) => {
    await waitFor(
      'the service did not open its socket',
      READY_MS,
      signal,
      async () => (await accepts(socket)) || undefined,
    );
    if (within.length > 0) return;
    await waitFor('the service did not get ready', READY_MS, signal, () =>
      get(`http://127.0.0.1:${ports.metrics}/readyz`),
    );
  });
}

/** Envoy on the rendered files. Each run has a folder of logs of its own. */
export function envoyPart({ files, env, within }: PartsPlan): ArenaPart {
  const before = [...within, 'env', `${ARENA_VARIABLE}=${env[ARENA_VARIABLE]}`, envoyBinary()];
  const binary = files.scratch.write('envoy.sh', `#!/bin/sh\nexec ${before.map(quoted).join(' ')} "$@"\n`);
  chmodSync(binary, 0o755);
  const planOf = (run: number): EnvoyPlan => {
    return { binary, bootstrap: files.path('envoy/envoy.yaml'), logDir: files.path(`log/envoy.${run}`), workers: 1 };
  };
  const start = (run: number) => {
    mkdirSync(planOf(run).logDir, { recursive: true });
    return startEnvoyPart(planOf(run));
  };
  return new ArenaPart('Envoy', start, async (signal, run) => {
    // From another network its admin port cannot be reached; the peers wait for it there.
    if (within.length === 0) await envoyPorts(planOf(run), signal);
  });
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
