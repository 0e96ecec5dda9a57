import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { otlpFromProtobuf } from './otlp-protobuf.js';

/** A span as OTLP's JSON has it; attributes as a plain object. */
export interface ReceivedSpan {
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly flags: number;
  readonly status: { readonly code: number };
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly resource: Readonly<Record<string, string | number>>;
}

/** A metric as OTLP's JSON has it. */
export interface ReceivedMetric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: { readonly isMonotonic: boolean; readonly dataPoints: readonly ReceivedPoint[] };
  readonly gauge?: { readonly dataPoints: readonly ReceivedPoint[] };
  readonly histogram?: { readonly dataPoints: readonly ReceivedPoint[] };
}

interface ReceivedPoint {
  readonly attributes: readonly Pair[];
  readonly asInt?: number | string;
  readonly asDouble?: number;
  readonly count?: number | string;
}

interface Pair {
  readonly key: string;
  readonly value: Readonly<Record<string, string | number>>;
}

/** A collector that takes OTLP over HTTP; it can be told never to answer. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  readonly metrics: ReceivedMetric[] = [];
  /** Requests that came. */
  requests = 0;
  mode: 'take' | 'hang' | 'fail' = 'take';
  readonly #server: Server;
  #told: (() => void)[] = [];

  constructor() {
    this.#server = createServer((request, answer) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        this.requests += 1;
        if (this.mode === 'take') this.#take(readRequest(request, Buffer.concat(parts)));
        if (this.mode !== 'hang') respond(request, answer, this.mode === 'take' ? 200 : 400);
        const told = this.#told;
        this.#told = [];
        for (const tell of told) tell();
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Resolves at the next request that leaves the condition true, or at once. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#told.push(resolve));
  }

  #take(body: Record<string, unknown>): void {
    for (const { resource, scopeSpans } of (body['resourceSpans'] ?? []) as ResourceSpans[]) {
      const about = plain(resource.attributes);
      for (const { spans } of scopeSpans) {
        for (const span of spans)
          this.spans.push({ ...span, links: span.links ?? [], attributes: plain(span.attributes), resource: about });
      }
    }
    for (const { scopeMetrics } of (body['resourceMetrics'] ?? []) as ResourceMetrics[]) {
      for (const { metrics } of scopeMetrics) this.metrics.push(...metrics);
    }
  }
}

function readRequest(request: IncomingMessage, body: Buffer): Record<string, unknown> {
  return isJson(request) ? JSON.parse(body.toString()) : otlpFromProtobuf(request.url ?? '', body);
}

/** An empty response, in the encoding of the request. */
function respond(request: IncomingMessage, answer: ServerResponse, status: number): void {
  answer.writeHead(status, { 'content-type': request.headers['content-type'] }).end(isJson(request) ? '{}' : '');
}

function isJson({ headers }: IncomingMessage): boolean {
  return headers['content-type'] === 'application/json';
}

interface ResourceSpans {
  readonly resource: { readonly attributes: readonly Pair[] };
  readonly scopeSpans: readonly {
    readonly spans: readonly (ReceivedSpan & { readonly attributes: readonly Pair[] })[];
  }[];
}

interface ResourceMetrics {
  readonly scopeMetrics: readonly { readonly metrics: readonly ReceivedMetric[] }[];
}

function plain(pairs: readonly Pair[]): Record<string, string | number> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0] ?? '']));
}

/** The value of the point that has that label value, or of the only point. */
export function pointOf(metric: ReceivedMetric | undefined, label?: string): number {
  const points = [metric?.sum, metric?.gauge, metric?.histogram].flatMap((one) => one?.dataPoints ?? []);
  const point =
    label === undefined ? points[0] : points.find(({ attributes }) => Object.values(plain(attributes)).includes(label));
  return Number(point?.asInt ?? point?.asDouble ?? point?.count ?? Number.NaN);
}
