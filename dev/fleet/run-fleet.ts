import { safe } from '../../proxy/wire/safe-text.js';
import { fail, lastLines } from '../failure.js';
import { endLeftovers } from '../leftovers.js';
import { noteReady } from '../logs.js';
import type { DevelopmentSettings, FleetForm } from '../settings.js';
import type { StopRequests } from '../start.js';
import { aborted, tellWait } from '../stopping.js';
import { WaitError } from '../wait.js';
import type { FleetPart } from './fleet-part.js';
import { type FleetPorts, settleFleetPorts } from './fleet-ports.js';
import { forgetFleet, recordFleet } from './fleet-record.js';
import { followLog } from './followed-log.js';
import { KeptPart, PartEnded } from './kept-part.js';
import { type FleetPlan, prepareFleet } from './prepare-fleet.js';

/**
 * Runs NATS, the replicas and the Envoys until it is asked to stop, and prints `ready …` when a peer can connect at each Envoy. From then
 * on a part that ends is started again. Returns the exit code: 0 after a stop, 1 when a part did not come up. Nothing is left running.
 */
export async function runFleet(
  settings: DevelopmentSettings,
  form: FleetForm,
  env: NodeJS.ProcessEnv,
  requests: StopRequests,
): Promise<number> {
  const { runDir, pathPrefix } = settings;
  for (const line of await endLeftovers(runDir)) console.log(line);
  const ports = await settleFleetPorts(settings.ports, form);
  const plan = await prepareFleet(settings, form, ports, env, (line) => console.log(line));
  if (requests.asked.aborted) return 0;
  const rows = keep(plan, runDir);
  const parts = rows.flat();
  let followed: readonly (() => Promise<void>)[] = [];
  aborted(requests.urged).then(() => Promise.all(parts.map((part) => part.stop(0))));
  try {
    for (const row of rows) await Promise.all(row.map((part) => part.begin(requests.asked)));
    noteReady(plan.logDir);
    followed = parts.map(({ plan: part }) => follow(part));
    console.log(readyLine(ports, pathPrefix));
    await aborted(requests.asked);
    return 0;
  } catch (error) {
    if (requests.asked.aborted) return 0;
    if (error instanceof PartEnded) return fail(error.message, await lastLines(error.log));
    if (error instanceof WaitError) return fail(`${error.message}: its log is in ${plan.logDir}`);
    throw error;
  } finally {
    await Promise.all(followed.map((end) => end()));
    await stopAll(rows);
    await forgetFleet(runDir);
  }
}

/** `ready URL… control HOST:PORT… metrics URL… page URL`: an URL of the peers and an address of operators for each Envoy, metrics for each replica. */
function readyLine({ envoys, replicas }: FleetPorts, pathPrefix: string): string {
  const urls = envoys.map(({ peers }) => `wss://localhost:${peers}${pathPrefix}`);
  const controls = envoys.map(({ control }) => `localhost:${control}`);
  const metrics = replicas.map((port) => `http://127.0.0.1:${port}/metrics`);
  const page = `http://127.0.0.1:${replicas[0]}/`;
  return `ready ${urls.join(' ')} control ${controls.join(' ')} metrics ${metrics.join(' ')} page ${page}`;
}

function keep({ rows }: FleetPlan, runDir: string): KeptPart[][] {
  const parts: KeptPart[] = [];
  const news = {
    say: (name: string, text: string) => console.log(`${name}: ${safe(text)}`),
    changed: () => recordFleet(runDir, parts),
  };
  const kept = rows.map((row) => row.map((plan) => new KeptPart(plan, news)));
  parts.push(...kept.flat());
  return kept;
}

function follow({ name, log, isTold }: FleetPart): () => Promise<void> {
  return followLog({ path: log, isTold, tell: (line) => console.log(`${name}: ${line}`) });
}

/** The replicas first, as they say goodbye to their peers through the Envoys; NATS last. */
async function stopAll([nats = [], replicas = [], envoys = []]: readonly (readonly KeptPart[])[]): Promise<void> {
  const most = Math.max(...replicas.map(({ plan }) => plan.stopMs));
  const stopTelling = tellWait(most);
  for (const row of [replicas, envoys, nats]) await Promise.all(row.map((part) => part.stop()));
  stopTelling();
}
