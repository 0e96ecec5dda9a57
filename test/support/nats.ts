import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { spawnTied } from '../../dev/lifeline.js';
import { follow, type Program } from './program.js';
import { Scratch } from './scratch.js';

/** A real nats-server with JetStream on 127.0.0.1, whose store is a folder of the test's. */
export interface TestNats {
  /** `nats://127.0.0.1:PORT`; it stays the same when the server is started again. */
  readonly url: string;
  readonly port: number;
  /** Folder of what it stores. */
  readonly store: string;
  /** Process id of the server that runs at present. */
  readonly pid: number;
  /** Ends the server by SIGKILL; what it stored stays. */
  kill(): Promise<void>;
  /** Ends the server as an operator does; it says goodbye to its clients. */
  stop(): Promise<void>;
  /** Starts it again on the same port and store, and waits until it serves. */
  start(): Promise<void>;
  /** Ends the server by SIGKILL, deletes all that it stored, and starts it again. */
  wipe(): Promise<void>;
  /** Stops the process in its tracks; its connections stay open. */
  freeze(): void;
  thaw(): void;
  /** Ends the server and removes its files. */
  remove(): Promise<void>;
}

export interface TestNatsPlan {
  /** Further lines of the server's configuration: `authorization { … }`, `tls { … }`. Without them everybody may do everything. */
  readonly config?: string;
  /** Files beside the configuration, by their names; `{folder}` in the configuration is where they are. */
  readonly files?: Readonly<Record<string, string>>;
  /** Without JetStream the server is a plain broker. */
  readonly jetstream?: boolean;
  /** Time between two pings of a client; 2 s where it is not given. */
  readonly pingInterval?: string;
  /** Core that the server is bound to. */
  readonly core?: number;
}

/** Starts a server on a port of the system. */
export async function startNats(plan: TestNatsPlan = {}): Promise<TestNats> {
  const scratch = new Scratch();
  const store = scratch.path('store');
  for (const [name, text] of Object.entries(plan.files ?? {})) scratch.write(name, text);
  const launch = (port: number): Promise<Running> =>
    startServer(scratch, configOf(port, store, plan).replaceAll('{folder}', scratch.directory), plan.core);
  let running: Running;
  try {
    running = await launch(-1);
  } catch (error) {
    scratch.remove();
    throw error;
  }
  const { port } = running;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    // A process that is stopped hears nothing else.
    running.program.signal('SIGCONT');
    await running.program.stop(signal);
  };
  const start = async (): Promise<void> => {
    running = await launch(port);
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    store,
    get pid() {
      return running.program.pid;
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    start,
    async wipe() {
      await end('SIGKILL');
      await rm(store, { recursive: true, force: true });
      await start();
    },
    freeze: () => running.program.signal('SIGSTOP'),
    thaw: () => running.program.signal('SIGCONT'),
    async remove() {
      await end('SIGKILL');
      scratch.remove();
    },
  };
}

/** Mocha hooks: a server for all tests of the suite. */
export function useNats(plan: TestNatsPlan = {}): () => TestNats {
  let nats: TestNats | undefined;
  before(async () => {
    nats = await startNats(plan);
  });
  after(() => nats?.remove());
  return () => {
    if (nats === undefined) throw new Error('the server is there inside tests only');
    return nats;
  };
}

/** `npm test` names the binary; mocha on its own takes the binary of an earlier set-up. */
export function natsBinary(): string {
  const binary = process.env['NATS_BIN'] ?? '.tools/nats-server/nats-server';
  if (!existsSync(binary)) throw new Error(`no nats-server at ${binary}: run "npm test" once, or set NATS_BIN`);
  return binary;
}

interface Running {
  readonly program: Program;
  readonly port: number;
}

async function startServer(scratch: Scratch, config: string, core: number | undefined): Promise<Running> {
  const bound = core === undefined ? [] : ['taskset', '-c', String(core)];
  const [command = '', ...args] = [...bound, natsBinary(), '-c', scratch.write('nats.conf', config)];
  const program = follow(spawnTied({ command, args, env: process.env, stdio: ['pipe', 'pipe', 'pipe'] }));
  // It listens before its store is open, and says so when both are.
  await program.line('stderr', /Server is ready/);
  const listening = await program.line('stderr', /Listening for client connections on /);
  return { program, port: Number(/:(\d+)$/.exec(listening)?.[1]) };
}

function configOf(port: number, store: string, plan: TestNatsPlan): string {
  const { config = '', jetstream = true, pingInterval = '2s' } = plan;
  const lines = [
    'server_name: test',
    `listen: "127.0.0.1:${port}"`,
    // 2 s as docs/fleet.md asks for: a line that is cut is noticed within seconds.
    `ping_interval: "${pingInterval}"`,
    'ping_max: 2',
    ...(jetstream ? [`jetstream { store_dir: "${store}", max_memory_store: 64MiB, max_file_store: 1GiB }`] : []),
    config,
  ];
  return `${lines.join('\n')}\n`;
}
