/**
 * Measures the cost of permessage-deflate to the relay: each message is inflated by one connection's context and deflated by the
 * other's. It uses the library's own implementation and the messages of the scenario `relay`. The result goes over the channel.
 */
import * as library from 'ws';
import { FIRST_ID } from '../../bench/frame.js';
import { requestText } from '../../bench/messages.js';

/** The cost of permessage-deflate. */
export interface DeflateCost {
  /** CPU time to inflate and deflate one message, microseconds. */
  readonly cpuUs: number;
  /** Memory that the two contexts of a connection keep, bytes. */
  readonly bytesEach: number;
  /** Length of a message, before and after deflation, bytes. */
  readonly plain: number;
  readonly deflated: number;
}

type Done = (error: Error | null, data: Buffer) => void;
interface Deflate {
  accept(offers: readonly object[]): object;
  compress(data: Buffer, fin: boolean, done: Done): void;
  decompress(data: Buffer, fin: boolean, done: Done): void;
}
/** ws exports its implementation; its type description does not. */
const { PerMessageDeflate } = library as unknown as {
  readonly PerMessageDeflate: new (options: Readonly<Record<string, unknown>>) => Deflate;
};

const MESSAGES = 5_000;
const WARM_UP = 500;
const CONNECTIONS = 200;

process.send?.(await measure());

async function measure(): Promise<DeflateCost> {
  const text = requestText(200);
  const [sender, proxyIn, proxyOut] = [context(), context(), context()];
  const inputs: Buffer[] = [];
  for (let id = 0; id < MESSAGES + WARM_UP; id += 1) {
    const message = Buffer.from(text.replaceAll(`${FIRST_ID}`, `${FIRST_ID + id}`));
    inputs.push(await deflate(sender, message));
  }
  for (const input of inputs.slice(0, WARM_UP)) await deflate(proxyOut, await inflate(proxyIn, input));
  const before = process.cpuUsage();
  for (const input of inputs.slice(WARM_UP)) await deflate(proxyOut, await inflate(proxyIn, input));
  const { user, system } = process.cpuUsage(before);
  const deflated = inputs.at(-1)?.length ?? 0;
  return { cpuUs: (user + system) / MESSAGES, bytesEach: await memoryEach(text), plain: text.length, deflated };
}

async function memoryEach(text: string): Promise<number> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const contexts: Deflate[] = [];
  for (let count = 0; count < CONNECTIONS; count += 1) {
    const [client, ours] = [context(), context()];
    await inflate(ours, await deflate(client, Buffer.from(text)));
    await deflate(ours, Buffer.from(text));
    contexts.push(client, ours);
  }
  globalThis.gc?.();
  // This process has both ends of each connection; the relay would have one.
  return (process.memoryUsage.rss() - before) / contexts.length;
}

/** The server's side, with context takeover, without which short messages would not shrink. */
function context(): Deflate {
  const deflate = new PerMessageDeflate({ isServer: true, threshold: 0, zlibDeflateOptions: { level: 1 } });
  deflate.accept([{}]);
  return deflate;
}

function deflate(by: Deflate, data: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    by.compress(data, true, (error, out) => (error === null ? resolve(out) : reject(error)));
  });
}

function inflate(by: Deflate, data: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    by.decompress(data, true, (error, out) => (error === null ? resolve(out) : reject(error)));
  });
}
