import { randomBytes } from 'node:crypto';

/** Versions as they go over the line. */
export const VERSIONS = {
  SSLv3: 0x0300,
  'TLSv1.0': 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
} as const;
export type Version = keyof typeof VERSIONS;

/** The offer of one client. */
export interface Offer {
  readonly version: Version;
  /** Code points of cipher suites. */
  readonly suites: readonly number[];
  /** Code points of compression methods; 0 is none, 1 is DEFLATE. */
  readonly compressions?: readonly number[];
}

/** Extensions (RFC 8446 §4.2), and those of before that a server may answer. */
export const EXTENSION = {
  serverName: 0,
  groups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  heartbeat: 15,
  extendedMasterSecret: 23,
  sessionTicket: 35,
  earlyData: 42,
  supportedVersions: 43,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;

/** X25519 and P-256, which every server of today has. */
const GROUPS = [0x001d, 0x0017];
const X25519 = 0x001d;
const SIGNATURES = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0603, 0x0806, 0x0601, 0x0203, 0x0201];

/** One ClientHello in a record of its own (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2). */
export function clientHello({ version, suites, compressions = [0] }: Offer): Buffer {
  const isNewest = version === 'TLSv1.3';
  const legacy = Math.min(VERSIONS[version], VERSIONS['TLSv1.2']);
  const body = Buffer.concat([
    two(legacy),
    randomBytes(32),
    short(randomBytes(32)),
    long(Buffer.concat(suites.map(two))),
    short(Buffer.from(compressions)),
    ...(version === 'SSLv3' ? [] : [long(Buffer.concat(isNewest ? [...common(), ...newest()] : common()))]),
  ]);
  const message = Buffer.concat([Buffer.from([1, 0]), long(body)]);
  return Buffer.concat([Buffer.from([22]), two(Math.min(legacy, VERSIONS['TLSv1.0'])), long(message)]);
}

function common(): Buffer[] {
  const name = Buffer.from('localhost');
  return [
    extension(EXTENSION.serverName, long(Buffer.concat([Buffer.from([0]), long(name)]))),
    extension(EXTENSION.groups, long(Buffer.concat(GROUPS.map(two)))),
    extension(EXTENSION.pointFormats, short(Buffer.from([0]))),
    extension(EXTENSION.signatureAlgorithms, long(Buffer.concat(SIGNATURES.map(two)))),
    extension(EXTENSION.heartbeat, Buffer.from([1])),
    extension(EXTENSION.extendedMasterSecret, Buffer.alloc(0)),
    extension(EXTENSION.sessionTicket, Buffer.alloc(0)),
    extension(EXTENSION.renegotiationInfo, Buffer.from([0])),
  ];
}

function newest(): Buffer[] {
  return [
    extension(EXTENSION.supportedVersions, short(two(VERSIONS['TLSv1.3']))),
    extension(EXTENSION.keyShare, long(Buffer.concat([two(X25519), long(randomBytes(32))]))),
  ];
}

function extension(type: number, value: Buffer): Buffer {
  return Buffer.concat([two(type), long(value)]);
}

function two(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

/** With its length in one byte before it. */
function short(value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([value.length]), value]);
}

/** With its length in two bytes before it. */
function long(value: Buffer): Buffer {
  return Buffer.concat([two(value.length), value]);
}
