import { checkAccess } from './checks/check-access.js';
import { checkClock } from './checks/check-clock.js';
import { checkCollector } from './checks/check-collector.js';
import { checkPolicyInForce, checkReplica, checkRights, checkServiceVersion } from './checks/check-control.js';
import { checkDisk } from './checks/check-disk.js';
import { checkForgedHeaders } from './checks/check-forged-headers.js';
import { checkHopCertificate, checkHopListener } from './checks/check-hops.js';
import { checkOperatorProxy, checkPeerProxy } from './checks/check-http-proxy.js';
import { checkBacklog, checkConnections, checkEnvoyFiles, checkServiceFiles } from './checks/check-limits.js';
import { checkRevocationList } from './checks/check-list.js';
import { checkName } from './checks/check-name.js';
import { checkNats, checkNatsPermissions, checkNatsStreams } from './checks/check-nats.js';
import { checkAccepted, checkOwnKey, checkOwnKind, checkOwnValidity } from './checks/check-own-certificate.js';
import {
  checkConfiguration,
  checkEnvoy,
  checkEnvoyCertificates,
  checkEnvoyVersion,
  checkService,
} from './checks/check-parts.js';
import { checkPolicyFile } from './checks/check-policy-file.js';
import { checkPort } from './checks/check-port.js';
import { checkChain, checkExpiry, checkServerName } from './checks/check-server-certificate.js';
import { checkSockets } from './checks/check-sockets.js';
import type { Judgement, View } from './finding.js';
import type { Door } from './look/door.js';
import type { Host } from './look/host.js';

type AtDoor = (door: Door) => Promise<Judgement>;
type AtHost = (host: Host) => Promise<Judgement>;

/** One row: what is asked, and how from each place where it can be. */
export interface Check {
  readonly asks: string;
  readonly peer?: AtDoor;
  readonly operator?: AtDoor;
  readonly host?: AtHost;
}

/** The one table of checks, in the order in which they are told: what comes first explains what comes after. */
export const checks = {
  'http-proxy': {
    asks: 'Does an HTTP proxy that the environment names stand in the way?',
    peer: checkPeerProxy,
    operator: checkOperatorProxy,
  },
  name: { asks: 'Is the name of the host known?', peer: checkName, operator: checkName },
  port: {
    asks: 'Does the right port of a ws-proxy answer there: not nobody, not plain HTTP, not the other of its two ports, not somebody else?',
    peer: checkPort,
    operator: checkPort,
  },
  'server-chain': {
    asks: "Does the server's certificate lead to the CA that is trusted here (`--ca`)?",
    peer: checkChain,
    operator: checkChain,
  },
  'server-expiry': { asks: "Is the server's certificate in its time?", peer: checkExpiry, operator: checkExpiry },
  'server-name': {
    asks: "Is the server's certificate for the name that is dialled?",
    peer: checkServerName,
    operator: checkServerName,
  },
  'own-key': {
    asks: 'Can the own certificate and its key be read, and do they belong together?',
    peer: checkOwnKey,
    operator: checkOwnKey,
  },
  'own-validity': {
    asks: 'Is the own certificate in its time?',
    peer: checkOwnValidity,
    operator: checkOwnValidity,
  },
  'own-kind': {
    asks: 'Is it of a kind of key, and for a use, that Envoy takes from a client?',
    peer: checkOwnKind,
    operator: checkOwnKind,
  },
  accepted: {
    asks: 'Does the proxy take it: signed by a CA that it knows, not revoked, in time by its clock?',
    peer: checkAccepted,
    operator: checkAccepted,
  },
  clock: { asks: 'Do the clocks here and there agree?', peer: checkClock, operator: checkClock },
  'forged-headers': {
    asks: 'Does a header by which the edge says who asks reach the service when a client sends it? It must not',
    peer: checkForgedHeaders,
    operator: checkForgedHeaders,
  },
  access: { asks: 'What does the policy answer to this certificate at the meetup of the URL?', peer: checkAccess },
  rights: { asks: 'Does the control API answer, and which rights has the certificate?', operator: checkRights },
  replica: { asks: 'Does the replica take newcomers?', operator: checkReplica },
  'policy-in-force': { asks: 'Is the policy that is in force the one on disk?', operator: checkPolicyInForce },
  'service-version': {
    asks: 'Are the service and its Node.js of a version that goes with this command?',
    operator: checkServiceVersion,
  },
  configuration: { asks: 'Can the options of the service be read?', host: checkConfiguration },
  'policy-file': { asks: 'Has the policy file no fault?', host: checkPolicyFile },
  service: { asks: 'Is the service there, and does it take newcomers?', host: checkService },
  sockets: { asks: "Are the service's sockets there, and closed to other users?", host: checkSockets },
  envoy: { asks: 'Is Envoy there, and ready?', host: checkEnvoy },
  'envoy-version': { asks: 'Is it an Envoy that the configuration fits?', host: checkEnvoyVersion },
  'envoy-certificates': {
    asks: 'Are the certificates and CAs that Envoy has loaded in their time?',
    host: checkEnvoyCertificates,
  },
  'revocation-list': {
    asks: 'Is the revocation list whole, signed and fresh, how old is it, and is it the one in force?',
    host: checkRevocationList,
  },
  connections: { asks: "Is Envoy's limit of connections above the service's?", host: checkConnections },
  'service-files': {
    asks: 'May the service have as many files open (`ulimit -n`) as its connections need?',
    host: checkServiceFiles,
  },
  'envoy-files': { asks: 'May Envoy?', host: checkEnvoyFiles },
  backlog: {
    asks: 'Does the system let as many connections wait (`net.core.somaxconn`) as dial at once?',
    host: checkBacklog,
  },
  nats: {
    asks: 'Does NATS answer, soon enough, and is it of a version that has what several replicas need?',
    host: checkNats,
  },
  'nats-streams': {
    asks: 'Are the streams in NATS, made as they must be, and held by as many servers as they should?',
    host: checkNatsStreams,
  },
  'nats-permissions': {
    asks: "May the service's user of NATS do all that a replica does?",
    host: checkNatsPermissions,
  },
  'hop-certificate': {
    asks: 'Do certificate, key, CA and name fit by which the other replicas know this one?',
    host: checkHopCertificate,
  },
  'hop-listener': { asks: 'Does the hop listener answer as the other replicas dial it?', host: checkHopListener },
  disk: { asks: 'Is there room on the disks of the logs and of the audit log?', host: checkDisk },
  collector: {
    asks: 'Does the collector answer that `OTEL_*` names, and do spans get there?',
    host: checkCollector,
  },
} as const satisfies Readonly<Record<string, Check>>;

/** Every id of a finding, by the views in turn. */
export function idsOf(view: View): readonly string[] {
  return Object.entries(checks).flatMap(([name, check]) => (view in check ? [`${view}.${name}`] : []));
}
