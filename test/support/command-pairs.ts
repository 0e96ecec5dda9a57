import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Program, runProgram } from './program.js';
import type { IssuedCertificate } from './raw-authority.js';
import { PREFIX, type Stack } from './stack.js';

/** A bridge for the manager and a gateway that have met, each a process. */
export interface CommandPair {
  /** Address of the bridge. */
  readonly http: string;
  readonly gateway: Program;
}

/** Peers of the product as processes of their own, with an HTTP API behind their gateways. */
export class CommandPairs {
  /** Milliseconds after which the API answers. */
  answersAfter = 0;
  readonly #stack: () => Stack;
  readonly #api = createServer((_, response) => void setTimeout(() => response.end('done'), this.answersAfter));
  readonly #programs: Program[] = [];
  #files = 0;

  constructor(stack: () => Stack) {
    this.#stack = stack;
  }

  async start(): Promise<void> {
    this.#api.listen(0, '127.0.0.1');
    await once(this.#api, 'listening');
  }

  /** A pair at that meetup, whose gateway stands before the API unless before another `upstream`. */
  async meet(meetup: string, upstream = this.#upstream()): Promise<CommandPair> {
    const stack = this.#stack();
    const name = meetup.split('/').at(-1) ?? '';
    const gateway = this.#peer('gateway', meetup, stack.gateway(name), '--upstream', upstream);
    const bridge = this.#peer('bridge', meetup, stack.issue('manager'), '--listen', '0', '--hold', '0');
    const line = await bridge.line('stdout', /^paired /);
    return { http: /http=(\S+)/.exec(line)?.[1] ?? '', gateway };
  }

  /** Ends the peers; the API answers at once again. */
  async settle(): Promise<void> {
    this.answersAfter = 0;
    await Promise.all(this.#programs.splice(0).map((program) => program.stop('SIGKILL')));
  }

  stop(): void {
    this.#api.close();
  }

  #peer(kind: string, meetup: string, { key, certificate }: IssuedCertificate, ...more: readonly string[]): Program {
    const { scratch, ca, port } = this.#stack();
    this.#files += 1;
    const cert = scratch.write(`peer-${this.#files}.pem`, key + certificate);
    const files = ['--cert', cert, '--ca', scratch.write('ca.pem', ca)];
    const program = runProgram('peer', kind, '--url', `wss://localhost:${port}${PREFIX}${meetup}`, ...files, ...more);
    this.#programs.push(program);
    return program;
  }

  #upstream(): string {
    return `http://127.0.0.1:${(this.#api.address() as AddressInfo).port}`;
  }
}

/** Mocha hooks: pairs on that stack, which end after each test. */
export function useCommandPairs(stack: () => Stack): CommandPairs {
  const pairs = new CommandPairs(stack);
  before(() => pairs.start());
  afterEach(() => pairs.settle());
  after(() => pairs.stop());
  return pairs;
}
