import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A port of loopback that nobody had a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

/** Sampled spans of the service that no collector got: the queue was full, or the export failed. */
export async function spansMissing(metricsPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const counts = [...text.matchAll(/^ws_proxy_spans_total\{.*result="(?:dropped|lost)".*\} (\d+)$/gm)];
  if (counts.length !== 2) throw new Error('the service does not tell what became of its spans');
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
