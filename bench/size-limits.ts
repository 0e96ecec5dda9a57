import { heapBytesFor } from '../envoy/render.js';
import { edgeConnectionsFor, openFilesFor } from '../envoy/settings.js';
import { options } from '../proxy/config/options.js';
import { RESERVED_FILES } from '../proxy/door/open-files.js';
import { readSize } from '../proxy/values/size.js';
import type { Costs } from './costs.js';

/** Values of options and of the system, so that no bound is met before the load that was asked for. */
export interface Limits {
  /** Options of `serve`, of each replica, by their flags; none is below its default. */
  readonly serve: Readonly<Record<string, number>>;
  /** Further ones where all peers of a side show the same certificate. */
  readonly oneCertificate: Readonly<Record<string, number>>;
  /** Option of `envoy render`, by its flag, of an Envoy that has all peers. */
  readonly envoy: Readonly<Record<string, number>>;
  /** Descriptors of a replica, and of that Envoy. */
  readonly openFiles: { readonly replica: number; readonly envoy: number };
  /** Memory that must be allowed: when every bound is reached, MiB. */
  readonly memoryMib: { readonly replica: number; readonly envoy: number };
  /** What the history takes when it is full, MiB. */
  readonly historyMib: number;
}

const MIB = 1024 * 1024;
/** The last tenth of a table is kept for others than whoever holds most of it. */
const FOR_ONE = 0.9;
/** Limits are written as multiples of this. */
const STEP = 1_000;
const CONNECTIONS_PER_SESSION = 2;
/** Room in a message for all that stands around its body, bytes. */
const ENVELOPE_BYTES = 64 * 1024;

/** Most sessions that a replica can be set to hold, the last tenth left free. */
export function mostSessions(): number {
  return Math.floor((options.maxConnections.max / CONNECTIONS_PER_SESSION) * FOR_ONE);
}

/** The limits for so many pairs on so many replicas, one of which may be away where there are several. */
export function limitsFor(
  { pairs, bodyBytes }: { readonly pairs: number; readonly bodyBytes: number },
  replicas: number,
  costs: Costs,
  garbageMib: number,
): Limits {
  const share = pairs / Math.max(1, replicas - 1);
  const sessions = limit('maxSessions', share / FOR_ONE);
  const connections = limit('maxConnections', CONNECTIONS_PER_SESSION * sessions);
  const atEdge = atLeast('maxConnections', (CONNECTIONS_PER_SESSION * pairs) / FOR_ONE);
  const edge = edgeConnectionsFor(atEdge);
  const messageBytes = Math.min(options.maxMessageBytes.max, Math.ceil((bodyBytes + ENVELOPE_BYTES) / MIB) * MIB);
  const historyMib = sizeOf(options.historyMemory.default) / MIB;
  const replicaMib =
    costs.service.baseMib +
    historyMib +
    garbageMib +
    sessions * (costs.service.sessionKib / 1024) +
    sizeOf(options.memoryBudget.default) / MIB;
  return {
    serve: {
      '--max-sessions': sessions,
      '--max-connections': connections,
      ...(messageBytes > sizeOf(options.maxMessageBytes.default) ? { '--max-message-bytes': messageBytes } : {}),
    },
    oneCertificate: {
      '--max-connections-per-identity': limit('maxConnectionsPerIdentity', share),
      '--connect-burst': limit('connectBurst', share),
      '--max-greetings-per-identity': limit('maxGreetingsPerIdentity', share),
    },
    envoy: { '--max-connections': edge },
    openFiles: { replica: connections + RESERVED_FILES, envoy: openFilesFor(edge) },
    memoryMib: { replica: Math.ceil(replicaMib), envoy: Math.ceil(heapBytesFor(edge) / MIB) },
    historyMib,
  };
}

type Counted =
  | 'maxSessions'
  | 'maxConnections'
  | 'maxConnectionsPerIdentity'
  | 'connectBurst'
  | 'maxGreetingsPerIdentity';

/** What a replica can be given. */
function limit(option: Counted, needed: number): number {
  return Math.min(options[option].max, atLeast(option, needed));
}

function atLeast(option: Counted, needed: number): number {
  return Math.max(Number(options[option].default), Math.ceil(needed / STEP) * STEP);
}

function sizeOf(text: string): number {
  const size = readSize(text);
  if ('fault' in size) throw new Error(`${text}: ${size.fault}`);
  return size.ok;
}
