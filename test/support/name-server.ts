import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** What a name server tells of a name. */
export type NameRecord =
  | { readonly t: 'A'; readonly address: string }
  | { readonly t: 'SRV'; readonly target: string; readonly port: number };

/** A name server on UDP. */
export interface TestNameServer {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** The records of each name, which a test changes; `failing` has every question answered by SERVFAIL. */
  readonly records: Map<string, readonly NameRecord[]>;
  failing: boolean;
  close(): Promise<void>;
}

const TYPES = { A: 1, SRV: 33 } as const;
const CLASS_IN = 1;
const LIFE_SECONDS = 0;
const RESPONSE_FLAGS = 0x8180;
const NAME_UNKNOWN = 3;
const SERVER_FAILURE = 2;
const HEADER_BYTES = 12;

/** Starts a name server that knows what its `records` say, for one question at a time (RFC 1035, RFC 2782). */
export async function startNameServer(): Promise<TestNameServer> {
  const socket = createSocket('udp4');
  const server: TestNameServer = {
    address: '',
    records: new Map(),
    failing: false,
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
  socket.on('message', (question, { address, port }) => {
    socket.send(answerTo(question, server), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return Object.assign(server, { address: `127.0.0.1:${(socket.address() as AddressInfo).port}` });
}

function answerTo(question: Buffer, { records, failing }: TestNameServer): Buffer {
  const { name, end } = nameAt(question, HEADER_BYTES);
  const type = question.readUInt16BE(end);
  const known = records.get(name.toLowerCase());
  const answers = failing ? [] : (known ?? []).filter((record) => TYPES[record.t] === type).map(encoded);
  const header = Buffer.from(question.subarray(0, HEADER_BYTES));
  const code = failing ? SERVER_FAILURE : known === undefined ? NAME_UNKNOWN : 0;
  header.writeUInt16BE(RESPONSE_FLAGS | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, question.subarray(HEADER_BYTES, end + 4), ...answers]);
}

/** One record, whose name is that of the question. */
function encoded(record: NameRecord): Buffer {
  const data = record.t === 'A' ? Buffer.from(record.address.split('.').map(Number)) : serviceData(record);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  head.writeUInt16BE(TYPES[record.t], 2);
  head.writeUInt16BE(CLASS_IN, 4);
  head.writeUInt32BE(LIFE_SECONDS, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function serviceData({ target, port }: NameRecord & { t: 'SRV' }): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt16BE(port, 4);
  const labels = target.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  return Buffer.concat([head, ...labels, Buffer.alloc(1)]);
}

function nameAt(bytes: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = bytes[at] ?? 0; length > 0; length = bytes[at] ?? 0) {
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 1 };
}
