import { readFileSync } from 'node:fs';
import type { EdgeSettings } from '../../envoy/settings.js';
import { type ClientOptions, WssClient } from './client.js';
import { startEdge, type TestEdge } from './envoy.js';
import type { Program } from './program.js';
import { type IssuedCertificate, type NameParts, RawAuthority } from './raw-authority.js';
import { RawLine } from './raw-bytes.js';
import { type RawAnswer, type RawRequest, sendRaw } from './raw-request.js';
import { Scratch } from './scratch.js';
import { serve } from './serve.js';

const [CN, O, OU] = ['2.5.4.3', '2.5.4.10', '2.5.4.11'];
/** Milliseconds for one test, and for the start of a stack. */
const TEST_MS = 20_000;
export const PREFIX = '/micronets/v1/ws-proxy/';

/** The options of a test for the whole product. */
export interface StackPlan {
  /** Options of `ws-proxy serve`, without their dashes; `policy` is `any-verified` unless named. The edge gets the same `path-prefix`. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Environment of the service, which has no other but PATH. */
  readonly env?: Readonly<Record<string, string>>;
  readonly authority?: RawAuthority;
  /** PEM of the CA that clients trust, where `settings` names other files than the authority's. */
  readonly ca?: string;
  readonly settings?: Partial<EdgeSettings>;
  /** Spoils the rendered files of Envoy, by their text. */
  readonly edit?: (file: string, text: string) => string;
  /** Whether the control API is served, as gRPC and as JSON. */
  readonly control?: boolean;
}

/** The answer to a refused upgrade. */
export interface RefusalAnswer {
  readonly status: number;
  readonly reason: string;
  readonly retry: string;
  readonly retryAfter: string | undefined;
}

/** The whole product as it is deployed: certificates, Envoy, and `ws-proxy serve` as a process. */
export class Stack {
  readonly edge: TestEdge;
  readonly service: Program;
  readonly scratch: Scratch;
  readonly socket: string;
  readonly ca: string;
  /** The text before the meetup id in every path. */
  readonly prefix: string;
  readonly #output: string[];
  readonly #clients = new Set<WssClient>();
  readonly #lines = new Set<RawLine>();

  private constructor(
    scratch: Scratch,
    socket: string,
    edge: TestEdge,
    service: Program,
    output: string[],
    ca: string,
    prefix: string,
  ) {
    this.ca = ca;
    this.prefix = prefix;
    this.scratch = scratch;
    this.socket = socket;
    this.edge = edge;
    this.service = service;
    this.#output = output;
  }

  static async start(plan: StackPlan, scratch = new Scratch()): Promise<Stack> {
    const socket = scratch.path('service.sock');
    const controlSocket = scratch.path('control.sock');
    const control = plan.control === true ? { 'control-listen': `unix:${controlSocket}` } : {};
    const flags = { 'metrics-port': '0', policy: 'any-verified', 'log-format': 'json', ...control, ...plan.flags };
    const pathPrefix = plan.flags?.['path-prefix'] ?? PREFIX;
    const output: string[] = [];
    const service = serve({ listen: `unix:${socket}`, ...flags }, output, plan.env);
    try {
      await service.line('stdout', /"ready"/);
      const authority = plan.authority ?? new RawAuthority();
      const edge = await startEdge({
        serviceSocket: socket,
        authority,
        settings: { controlSocket, pathPrefix, ...plan.settings },
        ...(plan.edit && { edit: plan.edit }),
      });
      return new Stack(scratch, socket, edge, service, output, plan.ca ?? authority.certificate, pathPrefix);
    } catch (error) {
      await service.stop('SIGKILL');
      scratch.remove();
      throw new Error(`${error instanceof Error ? error.message : error}\n${output.join('')}`);
    }
  }

  get authority(): RawAuthority {
    return this.edge.authority;
  }

  get port(): number {
    return this.edge.ports.peers;
  }

  /** Port of the service's metrics, on loopback; from its `ready` line. */
  get metricsPort(): number {
    return Number(/"metrics_port":(\d+)/.exec(this.#output.join(''))?.[1]);
  }

  /** The lines that the service has written so far. */
  get log(): readonly string[] {
    return this.#output.join('').trimEnd().split('\n');
  }

  /** A client certificate with that CN. */
  issue(cn: string, more: NameParts = []): IssuedCertificate {
    return this.authority.issue({ subject: [[O, 'Acme'], ...more, [CN, cn]], serial: nextSerial() });
  }

  /** A gateway's certificate as the policy of docs/policy.md wants it. */
  gateway(cn: string): IssuedCertificate {
    return this.issue(cn, [[OU, 'gateway']]);
  }

  /** A websocket on that meetup; ended after the test. `through` is the port of what stands before the edge, where something does. */
  async open(
    credential: IssuedCertificate,
    meetup: string,
    { through = this.port, ...options }: ClientOptions & { readonly through?: number } = {},
    protocols: string[] = [],
  ): Promise<WssClient> {
    const wanted = { ca: this.ca, ...options };
    const url = `wss://localhost:${through}${this.prefix}${meetup}`;
    const client = await WssClient.open(url, credential, wanted, protocols);
    this.#clients.add(client);
    client.closed.then(() => this.#clients.delete(client));
    return client;
  }

  /** An idle TLS connection; ended after the test. */
  async line(credential: IssuedCertificate): Promise<RawLine> {
    const line = await RawLine.open(this.port, this.ca, credential);
    this.#lines.add(line);
    line.ended.then(() => this.#lines.delete(line));
    return line;
  }

  /** Two peers that are paired there. */
  async pair(
    meetup: string,
    one: IssuedCertificate = this.issue('one'),
    two: IssuedCertificate = this.issue('two'),
    options: ClientOptions = {},
  ): Promise<[WssClient, WssClient]> {
    const first = await this.open(one, meetup, options);
    first.hello('one');
    const second = await this.open(two, meetup);
    second.hello('two');
    await Promise.all([first.next(), second.next()]);
    return [first, second];
  }

  /** The refusal that an upgrade gets; rejects when it is accepted. `path` is the whole request target. */
  async refused(credential: IssuedCertificate, path: string, more: Partial<RawRequest> = {}): Promise<RefusalAnswer> {
    const request = { port: this.port, ca: this.ca, credential, path, ...more };
    const { status, headers, body } = await sendRaw(request);
    if (status === 101) throw new Error(`${path} was accepted`);
    return { status, ...reasonIn(body), retryAfter: headers.get('retry-after') };
  }

  /** One call of the control API as JSON. */
  control(
    credential: IssuedCertificate,
    method: string,
    path: string,
    body?: object,
    more: readonly string[] = [],
  ): Promise<RawAnswer> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`, ...more];
    const tls = { ALPNProtocols: ['http/1.1'] };
    return sendRaw({
      port: this.edge.ports.control,
      ca: this.ca,
      credential,
      method,
      path,
      headers,
      upgrade: false,
      body: text,
      tls,
    });
  }

  /** Resident memory of the service, bytes. */
  residentBytes(): number {
    const status = readFileSync(`/proc/${this.service.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  /** Ends the connections that the test left open. */
  async settle(): Promise<void> {
    for (const line of this.#lines) line.socket.destroy();
    await Promise.all([...this.#clients].map((client) => client.terminate()));
  }

  async stop(): Promise<void> {
    await this.settle();
    await this.edge.stop();
    await this.service.stop('SIGKILL');
    this.scratch.remove();
  }
}

/** Mocha hooks: one stack for all tests of the suite; its logs are shown when one fails. */
export function useStack(plan: (scratch: Scratch) => StackPlan | Promise<StackPlan>): () => Stack {
  let stack: Stack | undefined;
  before(async function () {
    this.timeout(TEST_MS);
    const scratch = new Scratch();
    stack = await Stack.start(await plan(scratch), scratch);
  });
  // A busy machine is slow, which is no fault of the product.
  beforeEach(function () {
    this.currentTest?.timeout(TEST_MS);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed' && stack !== undefined) {
      console.error(stack.log.slice(-40).join('\n'));
      console.error(await stack.edge.logs());
    }
    await stack?.settle();
  });
  after(() => stack?.stop());
  return () => {
    if (stack === undefined) throw new Error('the stack is there inside tests only');
    return stack;
  };
}

/** The name of the refusal in a body, and its word on trying again. */
export function reasonIn(body: string): { readonly reason: string; readonly retry: string } {
  if (!body.startsWith('{')) return { reason: `no JSON: ${body}`, retry: '' };
  const { error } = JSON.parse(body) as { error: { reason: string; retry: string } };
  return { reason: error.reason, retry: error.retry };
}

let serial = 0x1000;

function nextSerial(): string {
  serial += 1;
  return serial.toString(16);
}
