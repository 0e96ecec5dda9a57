import protobuf from 'protobufjs/minimal.js';

/** A handshake that the edge ended, as it tells of it: what the client claimed, nobody has verified. Texts are empty where they are not known. */
export interface ToldHandshake {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Why, in the words of the edge's TLS library. */
  readonly failure: string;
  readonly remote: string;
  readonly subject: string;
  /** 64 lower-case hex digits. */
  readonly fingerprint: string;
  readonly serverName: string;
}

/** Most handshakes that are read of one message. */
export const MAX_TOLD = 256;

/** Numbers of the fields of OTLP's logs that are read (opentelemetry/proto/logs/v1/logs.proto), on the way to the attributes of a record. */
const FIELD = { resourceLogs: 1, scopeLogs: 2, logRecords: 2, time: 1, attributes: 6, key: 1, value: 2, text: 1 };

/** Wire type of a length-delimited field. */
const DELIMITED = 2;

/**
 * Reads the records of an ExportLogsServiceRequest: the edge's access log of handshakes, in the form of OpenTelemetry. Anything else in
 * it is passed over. Throws on bytes that are no protobuf.
 */
export function handshakesIn(request: Buffer): readonly ToldHandshake[] {
  const records = inside([request], FIELD.resourceLogs);
  const found = inside(inside(records, FIELD.scopeLogs), FIELD.logRecords);
  return found.slice(0, MAX_TOLD).map(handshakeOf);
}

function handshakeOf(record: Uint8Array): ToldHandshake {
  const told: Record<string, string> = {};
  for (const attribute of inside([record], FIELD.attributes)) {
    const key = textIn(attribute, FIELD.key);
    const [value] = inside([attribute], FIELD.value);
    // `-` is how the edge writes what it does not know.
    const text = value === undefined ? '' : textIn(value, FIELD.text);
    told[key] = text === '-' ? '' : text;
  }
  const { failure = '', remote = '', subject = '', fingerprint = '', server_name: serverName = '' } = told;
  return { at: timeOf(record), failure, remote, subject, fingerprint, serverName };
}

/** Every length-delimited field of that number in the messages. */
function inside(messages: readonly Uint8Array[], field: number): Uint8Array[] {
  return messages.flatMap((message) => {
    const reader = protobuf.Reader.create(message);
    const found: Uint8Array[] = [];
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      if (tag === ((field << 3) | DELIMITED)) found.push(reader.bytes());
      else reader.skipType(tag & 7);
    }
    return found;
  });
}

function textIn(message: Uint8Array, field: number): string {
  const [bytes] = inside([message], field);
  return bytes === undefined ? '' : Buffer.from(bytes).toString('utf8');
}

/** `fixed64 time_unix_nano = 1`. */
function timeOf(record: Uint8Array): number {
  const reader = protobuf.Reader.create(record);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === ((FIELD.time << 3) | 1)) {
      const [low, high] = [reader.fixed32(), reader.fixed32()];
      return (high * 0x1_0000_0000 + low) / 1e6;
    }
    reader.skipType(tag & 7);
  }
  return 0;
}
