import { HttpProxyError, httpProxyFor } from '../peer/http-proxy.js';
import type { HttpProxy } from '../proxy/transport/dial/tunnel.js';
import type { DoctorFlags } from './command.js';
import type { AccessSources, DoorPlan } from './look/door.js';
import type { RunFolder, RunPorts } from './run-folder.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The names of the development certificates by which each view dials. */
const OWN = { peer: 'gateway.pkeycert.pem', operator: 'admin.pkeycert.pem' } as const;

/** The plan of the looks through a door: by the flags, and by a run of `npm start` for everything that the flags leave out. */
export function planDoor(
  view: DoorPlan['view'],
  given: URL | undefined,
  flags: DoctorFlags,
  run: RunFolder,
  ports: RunPorts,
  environment: Environment,
): DoorPlan {
  const { pathPrefix, timeout } = flags;
  const url = given ?? urlOf(view, ports, pathPrefix);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const files = {
    cert: flags.cert ?? run.cert(OWN[view]),
    key: flags.key,
    ca: flags.ca ?? run.cert('root.cert.pem'),
  };
  const proxy = view === 'peer' ? proxyOf(url, environment) : NO_PROXY;
  return {
    view,
    url: url.href,
    host,
    port: url.port === '' ? 443 : Number(url.port),
    pathPrefix,
    servername: flags.servername ?? host,
    files,
    environment,
    timeout,
    access: accessOf(given, flags, run, ports, files.ca),
    ...proxy,
  };
}

function urlOf(view: DoorPlan['view'], ports: RunPorts, pathPrefix: string): URL {
  return new URL(
    view === 'peer' ? `wss://localhost:${ports.peers}${pathPrefix}` : `https://localhost:${ports.control}/`,
  );
}

const NO_PROXY = { via: undefined, viaFault: undefined };

function proxyOf(url: URL, environment: Environment): { via: HttpProxy | undefined; viaFault: string | undefined } {
  try {
    return { via: httpProxyFor(url.href, environment), viaFault: undefined };
  } catch (error) {
    if (error instanceof HttpProxyError) return { via: undefined, viaFault: error.message };
    throw error;
  }
}

/** The control API where it is named, the policy where a file is; of neither, the door itself says. */
function accessOf(
  given: URL | undefined,
  flags: DoctorFlags,
  run: RunFolder,
  ports: RunPorts,
  ca: string,
): AccessSources {
  const { policy, crl, crlCa, denyList, controlCert, controlKey } = flags;
  const server = flags.control ?? (given === undefined ? `localhost:${ports.control}` : undefined);
  const cert = controlCert ?? run.cert(OWN.operator);
  const key = controlKey === undefined ? {} : { key: controlKey };
  const offline =
    policy === undefined
      ? undefined
      : { policy, ...(crl && { crl }), ...(crlCa && { crlCa }), ...(denyList && { denyList }) };
  return {
    ...(server === undefined ? {} : { control: { server, cert, ca, ...key } }),
    ...(offline === undefined ? {} : { offline }),
  };
}
