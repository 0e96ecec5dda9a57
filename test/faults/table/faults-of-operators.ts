import { setTimeout as delay } from 'node:timers/promises';
import { runProgram } from '../../support/program.js';
import type { Arena } from '../arena/arena.js';
import type { ArenaFiles } from '../arena/arena-files.js';
import type { Stage } from '../stage.js';
import { type Fault, feltBy, type Scene } from './fault.js';
import { see } from './see.js';

const BACK_MS = 20_000;
/** Kicks of one fault. */
const KICKS = 3;
/** Seconds for which those who are kicked are blocked: deployed peers dial within it. */
const BLOCK_S = 3;
/** Reloads of one fault, and the milliseconds between two. */
const RELOADS = 8;
const BETWEEN_MS = 250;
/** Milliseconds for which somebody is kept out. */
const DENIED_MS = 2_000;

/** Runs a command of the control API to its end. */
async function control(arena: Arena, ...args: readonly string[]): Promise<void> {
  const where = ['--server', `localhost:${arena.ports.control}`, '--ca', arena.files.path('certs/root.cert.pem')];
  const program = runProgram(...args, ...where, '--cert', arena.files.path('admin.pem'));
  const code = await program.ended;
  if (code !== 0) throw new Error(`ws-proxy ${args.join(' ')} ended with ${code}`);
}

async function kicks({ arena, seats, begin }: Scene): Promise<void> {
  begin();
  const meetups = seats.manager.slice(0, KICKS).map(({ meetup }) => meetup);
  await Promise.all(
    meetups.map((meetup) => control(arena, 'sessions', 'kick', meetup, '--reason', 'fault', '--block', `${BLOCK_S}s`)),
  );
  await delay(BLOCK_S * 1000);
}

async function reloads({ arena, begin }: Scene): Promise<void> {
  begin();
  for (let count = 0; count < RELOADS; count += 1) {
    arena.files.allow(true);
    await delay(BETWEEN_MS);
  }
}

/** What is done by files alone is done to one service and to a fleet alike. */
interface FilesScene extends Pick<Scene, 'begin'> {
  readonly arena: Pick<Stage, 'crowds'> & { readonly files: ArenaFiles };
}

export async function denial({ arena, begin }: FilesScene): Promise<void> {
  begin();
  const isFelt = feltBy(arena.crowds.manager);
  arena.files.allow(false);
  await isFelt;
  await delay(DENIED_MS);
  arena.files.allow(true);
}

async function rotation({ arena, begin }: Scene): Promise<void> {
  begin();
  arena.files.replaceServer();
  arena.files.revoke([]);
  await delay(DENIED_MS);
}

export async function revocation({ arena, begin }: FilesScene): Promise<void> {
  begin();
  const isFelt = feltBy(arena.crowds.gateway);
  arena.files.revoke(arena.files.credentials.gateway.slice(0, 1));
  await isFelt;
  await delay(DENIED_MS);
  arena.files.revoke([]);
  // Every Envoy takes up a new list within a second.
  await delay(1_000);
}

export const faultsOfOperators: readonly Fault[] = [
  {
    name: "the server's certificate and the revocation list are replaced",
    form: 'short',
    inject: rotation,
    allowed: [],
    bounds: { recovery: BACK_MS, callsEnded: 0 },
  },
  {
    name: 'a certificate is revoked, and taken from the list again',
    form: 'short',
    inject: revocation,
    allowed: [see.revoked, see.gone, see.broke],
    expected: [see.revoked],
    bounds: { recovery: 40_000, told: 5_000 },
  },
  {
    name: 'the policy is loaded anew, eight times',
    form: 'long',
    inject: reloads,
    allowed: [],
    bounds: { recovery: BACK_MS, callsEnded: 0 },
  },
  {
    name: 'the policy denies half of the meetups for 2 s',
    form: 'short',
    inject: denial,
    allowed: [see.denied, see.gone],
    expected: [see.denied],
    bounds: { recovery: 40_000, told: 5_000 },
  },
  {
    name: 'three sessions are kicked and their peers blocked for 3 s',
    form: 'short',
    inject: kicks,
    allowed: [see.kicked, see.blocked, see.gone],
    expected: [see.kicked, see.blocked],
    bounds: { recovery: BACK_MS },
  },
];
