import { rm } from 'node:fs/promises';
import { ENVOY_STOP_MS, type EnvoyPlan, envoyPorts, startEnvoyPart } from './envoy.js';
import { fail, lastLines } from './failure.js';
import { forgetFleet } from './fleet/fleet-record.js';
import { endLeftovers, recordParts } from './leftovers.js';
import { noteReady } from './logs.js';
import type { Part } from './part.js';
import { settlePorts } from './ports.js';
import { makePlaces, prepareRun, type RunFiles } from './prepare.js';
import { alonePlace, planService, startService } from './service.js';
import { type DevelopmentSettings, type Ports, readSettings } from './settings.js';
import { aborted, tellWait } from './stopping.js';
import { accepts, get, WaitError, waitFor } from './wait.js';

/** The end of a run. */
type Outcome = { readonly t: 'stopped' } | { readonly t: 'died'; readonly part: Part; readonly how: string };

/** Milliseconds from start to readiness of the service. */
const SERVICE_START_MS = 20_000;
/** Worker threads of Envoy: enough for one developer. */
const ENVOY_WORKERS = 2;

/** The requests to stop that signals made; `scripts/stop-requests.mjs` hears them. */
export interface StopRequests {
  /** Aborted when it is to stop. */
  readonly asked: AbortSignal;
  /** Aborted by a later signal: somebody has lost patience. */
  readonly urged: AbortSignal;
}

/**
 * Runs Envoy and the service until it is asked to stop, and prints `ready …` when a peer can connect. Returns the exit code: 0 after
 * a stop, whenever that was, 1 when a part died. Nothing is left running. Throws a SettingsError for what cannot work, a CertsFailure for a
 * certificate or key that can't be used. `isFleet`: several replicas and Envoys, as `runFleet` has them.
 */
export async function start(env: NodeJS.ProcessEnv, requests: StopRequests, isFleet = false): Promise<number> {
  const settings = readSettings(env, process.cwd(), isFleet);
  const { runDir, socketDir, fleet } = settings;
  await makePlaces(settings);
  try {
    if (fleet === undefined) return await run(settings, env, requests);
    const { runFleet } = await import('./fleet/run-fleet.js');
    return await runFleet(settings, fleet, env, requests);
  } finally {
    if (socketDir !== runDir) await rm(socketDir, { recursive: true, force: true });
  }
}

async function run(settings: DevelopmentSettings, env: NodeJS.ProcessEnv, requests: StopRequests): Promise<number> {
  for (const line of await endLeftovers(settings.runDir)) console.log(line);
  await forgetFleet(settings.runDir);
  const ports = await settlePorts(settings.ports);
  const files = await prepareRun(settings, ports, (line) => console.log(line));
  const servicePlan = await planService(env);
  if (requests.asked.aborted) return 0;
  const plan: EnvoyPlan = {
    binary: settings.envoyBinary,
    bootstrap: files.bootstrap,
    logDir: files.logDir,
    workers: ENVOY_WORKERS,
  };
  const service = startService(alonePlace(files, ports.metrics), files, servicePlan);
  const envoy = startEnvoyPart(plan);
  const unrecord = recordParts(settings.runDir, [service, envoy]);
  const stopped = aborted(requests.asked);
  const outcome = Promise.race([stopped.then((): Outcome => ({ t: 'stopped' })), death(service), death(envoy)]);
  aborted(requests.urged).then(() => Promise.all([service.stop(0), envoy.stop(0)]));
  try {
    return await watch(outcome, plan, files, ports, settings.pathPrefix);
  } finally {
    const stopTelling = tellWait(servicePlan.stopMs);
    // The service first: it says goodbye to its peers through Envoy.
    await service.stop(servicePlan.stopMs);
    await envoy.stop(ENVOY_STOP_MS);
    stopTelling();
    await unrecord();
  }
}

async function watch(
  outcome: Promise<Outcome>,
  plan: EnvoyPlan,
  files: RunFiles,
  ports: Ports,
  pathPrefix: string,
): Promise<number> {
  const over = new AbortController();
  const end = outcome.then((how) => {
    over.abort();
    return how;
  });
  try {
    await ready(plan, files, ports, over.signal);
    noteReady(files.logDir);
    console.log(
      `ready wss://localhost:${ports.peers}${pathPrefix} control localhost:${ports.control} ` +
        `metrics http://127.0.0.1:${ports.metrics}/metrics page http://127.0.0.1:${ports.metrics}/`,
    );
  } catch (error) {
    if (error instanceof WaitError) return fail(`${error.message}: its log is in ${files.logDir}`);
    if (!over.signal.aborted) throw error;
  }
  const how = await end;
  if (how.t === 'stopped') return 0;
  return fail(`${how.part.name} ${how.how}: its log is ${how.part.log}`, await lastLines(how.part.log));
}

async function ready(plan: EnvoyPlan, files: RunFiles, ports: Ports, signal: AbortSignal): Promise<void> {
  const readyz = `http://127.0.0.1:${ports.metrics}/readyz`;
  await Promise.all([
    envoyPorts(plan, signal),
    waitFor('the service did not get ready', SERVICE_START_MS, signal, () => get(readyz)),
    waitFor('the service did not open its socket', SERVICE_START_MS, signal, () => yes(accepts(files.serviceSocket))),
  ]);
  await waitFor('Envoy did not open its port', SERVICE_START_MS, signal, () => yes(accepts(ports.peers)));
}

async function yes(answer: Promise<boolean>): Promise<true | undefined> {
  return (await answer) || undefined;
}

async function death(part: Part): Promise<Outcome> {
  return { t: 'died', part, how: await part.ended };
}
