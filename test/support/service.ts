import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WsProxy } from '../../proxy/compose/proxy.js';
import { loadConfig } from '../../proxy/config/load.js';

/** The real service in this process, on a unix socket in a folder of its own. */
export interface Service {
  readonly proxy: WsProxy;
  readonly socketPath: string;
  readonly folder: string;
  /** Stops the service and removes its folder. */
  stop(): Promise<void>;
}

/** Starts the service; `flags` are option keys with values as a user would write them. */
export async function startService(flags: Record<string, string> = {}): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'wsp-'));
  const socketPath = join(folder, 'p.sock');
  const config = loadConfig({
    flags: { listen: `unix:${socketPath}`, metricsPort: '0', policy: 'any-verified', logLevel: 'silent', ...flags },
    environment: {},
  });
  const proxy = await WsProxy.start(config);
  const stop = async (): Promise<void> => {
    await proxy.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { proxy, socketPath, folder, stop };
}

/** The headers by which the edge forwards a certificate. */
export function identityHeaders(
  given: { cn?: string; fingerprint?: string; notAfter?: number } = {},
): Record<string, string> {
  const { cn = 'peer', fingerprint = 'a'.repeat(64), notAfter = 4_102_444_800 } = given;
  const subject = `CN=${cn},O=Micronets`;
  return {
    'x-forwarded-client-cert': JSON.stringify([{ hash: fingerprint, subject }]),
    'x-peer-subject': subject,
    'x-peer-issuer': 'CN=root,O=Micronets',
    'x-peer-serial': '1a',
    'x-peer-fingerprint': fingerprint,
    'x-peer-not-after': String(notAfter),
  };
}

/** The answer to a refused upgrade. */
export interface RefusalAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly error: {
    readonly reason: string;
    readonly message: string;
    readonly retry: string;
    readonly retryAfter?: number;
  };
}

/** Asks for an upgrade that is going to be refused; rejects when it is not. */
export function refusedUpgrade(
  socketPath: string,
  path: string,
  headers: Record<string, string | string[] | undefined>,
  method = 'GET',
): Promise<RefusalAnswer> {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  const sent = Object.fromEntries(
    Object.entries({ ...upgrade, ...headers }).filter(([, value]) => value !== undefined),
  );
  return new Promise((resolve, reject) => {
    const asked = request({
      socketPath,
      path,
      method,
      headers: sent as Record<string, string | string[]>,
      agent: false,
    });
    asked.on('upgrade', (_, raw) => {
      raw.destroy();
      reject(new Error('the upgrade was accepted'));
    });
    asked.on('error', reject);
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { error } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as RefusalAnswer;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, error });
      });
    });
    asked.end();
  });
}
