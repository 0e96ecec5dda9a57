import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Program, runProgram } from './program.js';
import type { IssuedCertificate } from './raw-authority.js';
import { PREFIX, type Stack } from './stack.js';

/** A manager's bridge, by its address, and a gateway that it has met. */
export interface MetPrograms {
  readonly http: string;
  readonly gateway: Program;
}

/** Peers of the product as processes of their own, which meet in a stack, and the HTTP API that their gateways call. */
export class PeerPrograms {
  readonly #stack: () => Stack;
  readonly #api: Server;
  #answersAfter = 0;
  #programs: Program[] = [];
  #files = 0;

  constructor(stack: () => Stack) {
    this.#stack = stack;
    this.#api = createServer((_, response) => void setTimeout(() => response.end('done'), this.#answersAfter));
  }

  async start(): Promise<void> {
    this.#api.listen(0, '127.0.0.1');
    await once(this.#api, 'listening');
  }

  /** Until the programs end, the API answers after this time, milliseconds. */
  slowDown(ms: number): void {
    this.#answersAfter = ms;
  }

  /** A bridge for the manager and a gateway before the HTTP API, which have met. */
  async meet(meetup: string, upstream = this.#upstream): Promise<MetPrograms> {
    const own = this.#stack().gateway(meetup.split('/').at(-1) ?? '');
    const gateway = this.#run('gateway', meetup, own, '--upstream', upstream);
    const bridge = this.#run('bridge', meetup, this.#stack().issue('manager'), '--listen', '0', '--hold', '0');
    const line = await bridge.line('stdout', /^paired /);
    return { http: /http=(\S+)/.exec(line)?.[1] ?? '', gateway };
  }

  /** Ends every program. */
  async end(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.stop('SIGKILL')));
    this.#programs = [];
    this.#answersAfter = 0;
  }

  close(): void {
    this.#api.close();
  }

  get #upstream(): string {
    return `http://127.0.0.1:${(this.#api.address() as AddressInfo).port}`;
  }

  #run(kind: string, meetup: string, { key, certificate }: IssuedCertificate, ...more: string[]): Program {
    this.#files += 1;
    const { scratch, ca, port } = this.#stack();
    const files = ['--cert', scratch.write(`peer-${this.#files}.pem`, key + certificate)];
    files.push('--ca', scratch.write('ca.pem', ca));
    const program = runProgram('peer', kind, '--url', `wss://localhost:${port}${PREFIX}${meetup}`, ...files, ...more);
    this.#programs.push(program);
    return program;
  }
}
