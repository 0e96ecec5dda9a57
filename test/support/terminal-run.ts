import { readFile } from 'node:fs/promises';
import { waitFor } from '../../dev/wait.js';
import { WssClient } from './client.js';
import { envoyBinary } from './envoy.js';
import { noneLeft, processesWith, type RunProcess, supervisorOf } from './run-processes.js';
import { Scratch } from './scratch.js';
import { systemPorts } from './started-proxy.js';
import { openTerminal, type Terminal } from './terminal.js';

const REQUEST =
  '{"message":{"messageId":1,"messageType":"REST:REQUEST","requiresResponse":true,"method":"GET","path":"/"}}';
export const RESPONSE =
  '{"message":{"messageId":1,"messageType":"REST:RESPONSE","requiresResponse":false,"inResponseTo":1,"statusCode":200}}';
/** Milliseconds for processes to start on a busy machine. */
const BEGIN_MS = 15_000;
const never = new AbortController().signal;

/** Two peers that have met, and a call that the gateway has not answered. */
export interface CallInFlight {
  readonly manager: WssClient;
  readonly gateway: WssClient;
  /** Address that says whether the service takes peers. */
  readonly readyz: string;
}

/** `npm start`, or another script of npm, in a terminal and a run directory of its own. */
export class TerminalRun {
  readonly scratch = new Scratch();
  readonly runDir = this.scratch.path('run');
  readonly #terminal: Terminal;
  readonly #clients: WssClient[] = [];

  /** `script` is npm's. */
  constructor(env: Readonly<Record<string, string>> = {}, script = 'start') {
    const own = { ...systemPorts, ENVOY_BIN: envoyBinary(), WS_PROXY_RUN_DIR: this.runDir, ...env };
    this.#terminal = openTerminal(own, 'npm', 'run', script);
  }

  /** Exit code of npm. */
  get ended(): Promise<number | null> {
    return this.#terminal.program.ended;
  }

  line(pattern: RegExp): Promise<string> {
    return this.#terminal.program.line('stdout', pattern);
  }

  pressCtrlC(times = 1): void {
    this.#terminal.program.type('\x03'.repeat(times));
  }

  hangUp(): void {
    this.#terminal.hangUp();
  }

  /** Sends a signal to the whole process group, as `kill -- -GROUP` or a supervisor of services does. */
  terminateGroup(): void {
    process.kill(-asked(supervisorOf(this.runDir).group), 'SIGTERM');
  }

  killSupervisor(): void {
    process.kill(supervisorOf(this.runDir).pid, 'SIGKILL');
  }

  killNpm(): void {
    process.kill(asked(supervisorOf(this.runDir).parent), 'SIGKILL');
  }

  /** The first process of the run that fits. */
  process(fits: (found: RunProcess) => boolean): Promise<RunProcess> {
    return waitFor('the process did not appear', BEGIN_MS, never, async () =>
      processesWith('WS_PROXY_RUN_DIR', this.runDir).find(fits),
    );
  }

  noneLeft(): Promise<void> {
    return noneLeft(this.runDir);
  }

  /** Waits until the run is ready, and leaves one call on its way. */
  async call(): Promise<CallInFlight> {
    const ready = await this.line(/^ready /);
    const [manager, gateway] = await Promise.all([this.#peer('manager', ready), this.#peer('gateway', ready)]);
    manager.hello();
    gateway.hello();
    await Promise.all([manager.next(), gateway.next()]);
    manager.send(REQUEST);
    await gateway.next();
    return { manager, gateway, readyz: `${/ page (\S+)$/.exec(ready)?.[1]}readyz` };
  }

  async drains({ readyz }: CallInFlight): Promise<void> {
    await waitFor('the drain did not begin', BEGIN_MS, never, async () =>
      (await fetch(readyz)).status === 503 ? true : undefined,
    );
  }

  /** Ends the run's remaining processes, and removes its files. */
  async clean(): Promise<void> {
    for (const client of this.#clients) client.ws.terminate();
    for (const { pid } of processesWith('WS_PROXY_RUN_DIR', this.runDir)) process.kill(pid, 'SIGKILL');
    await this.#terminal.program.stop('SIGKILL');
    this.scratch.remove();
  }

  async #peer(role: string, ready: string): Promise<WssClient> {
    const read = (name: string): Promise<string> => readFile(`${this.runDir}/certs/${name}`, 'utf8');
    const [certificate, key] = await Promise.all([read(`${role}.cert.pem`), read(`${role}.key.pem`)]);
    const url = `${/wss:\S+/.exec(ready)?.[0]}sub/1`;
    const ca = await read('root.cert.pem');
    const client = await WssClient.open(url, { der: Buffer.alloc(0), certificate, key }, { ca });
    this.#clients.push(client);
    return client;
  }
}

/** That number of a process or a group, where it is of the run: an orphan's parent is 1, and the group of a process of another namespace is 0, which is this one's own. */
function asked(id: number): number {
  if (id <= 1) throw new Error(`the run has lost the process that ${id} stands for`);
  return id;
}
