import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP API that takes its time, and remembers what it was asked. */
export class CountingApi {
  /** How often each path was asked for. */
  readonly asked = new Map<string, number>();
  readonly #server: Server;

  private constructor(slowest: number) {
    this.#server = createServer((incoming, response) => {
      const path = incoming.url ?? '';
      this.asked.set(path, (this.asked.get(path) ?? 0) + 1);
      incoming.resume();
      setTimeout(() => response.end(path), Math.random() * slowest);
    });
  }

  /** @param slowest milliseconds of the slowest answer; others are faster, evenly */
  static async start(slowest: number): Promise<CountingApi> {
    const api = new CountingApi(slowest);
    api.#server.listen(0, '127.0.0.1');
    await once(api.#server, 'listening');
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** The fate of one call, and the milliseconds after which it was known. */
interface Call {
  readonly path: string;
  readonly outcome: string;
  readonly time: number;
}

/** Calls that begin at a steady rate, whatever becomes of those before them; each is made once. */
export class SteadyLoad {
  /** Those that have ended. */
  readonly calls: Call[] = [];
  readonly #base: string;
  readonly #agent = new Agent({ keepAlive: true, timeout: 1_500 });
  readonly #open = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  #begun = 0;

  /** @param base what all calls are below, which no other load uses */
  constructor(base: string, perSecond: number) {
    this.#base = base;
    const start = performance.now();
    this.#timer = setInterval(() => {
      const due = ((performance.now() - start) / 1000) * perSecond;
      while (this.#begun < due) this.#begin();
    }, 5);
  }

  /** Begins no more, and waits for those that have no answer. */
  async stop(): Promise<readonly Call[]> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
    this.#agent.destroy();
    return this.calls;
  }

  #begin(): void {
    this.#begun += 1;
    const url = `${this.#base}/${this.#begun}`;
    const { pathname: path } = new URL(url);
    const from = performance.now();
    const done = this.#ask(url, path).then((outcome) => {
      this.calls.push({ path, outcome, time: performance.now() - from });
      this.#open.delete(done);
    });
    this.#open.add(done);
  }

  /** The status of an answer that is right, and the whole of any other. */
  async #ask(url: string, path: string): Promise<string> {
    const outgoing = request(url, { method: 'POST', agent: this.#agent });
    outgoing.end('{}');
    try {
      const [response] = await once(outgoing, 'response');
      let body = '';
      for await (const chunk of response.setEncoding('utf8')) body += chunk;
      return body === path ? String(response.statusCode) : `${response.statusCode} ${body}`;
    } catch (error) {
      return String(error);
    }
  }
}
