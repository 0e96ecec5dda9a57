import { setTimeout as delay } from 'node:timers/promises';
import { WssClient } from '../../../support/client.js';
import { sendRaw } from '../../../support/raw-request.js';
import { PREFIX, reasonIn } from '../../../support/stack.js';
import { SIDES, type Side, steadyNow } from '../../judge/history.js';
import type { FleetArena } from '../arena/fleet-arena.js';
import { EDGES, type EdgeName } from '../arena/fleet-plan.js';

/** Milliseconds between two dials of a visitor. */
const AGAIN_MS = 100;

/** What an upgrade at that meetup is answered through that Envoy: the status and the reason. A 101 is given up at once. */
export async function knock(arena: FleetArena, edge: EdgeName, meetup: string, side: Side): Promise<string> {
  const [credential] = arena.files.credentials[side];
  if (credential === undefined) throw new Error('there is a certificate for each side');
  const { status, body } = await sendRaw({
    ...{ port: arena.edge(edge).ports.peers, ca: arena.files.authority.certificate, credential },
    path: `${PREFIX}${meetup}`,
  });
  return status === 101 ? '101' : `${status} ${reasonIn(body).reason ?? ''}`;
}

/**
 * Who is let in as a third at one of these meetups, through any Envoy: each a line. A replica that cannot tell, because the one that serves
 * the meetup is cut off, refuses with 503.
 */
export async function thirdsLetIn(arena: FleetArena, meetups: readonly string[]): Promise<string[]> {
  const asked = meetups.flatMap((meetup) =>
    EDGES.map(async (edge) => {
      const answer = await knock(arena, edge, meetup, 'manager');
      return /^(409|503) /.test(answer) ? [] : [`a third at ${meetup} through Envoy ${edge} was answered ${answer}`];
    }),
  );
  return (await Promise.all(asked)).flat();
}

/** Two who meet beside the crowds, each through an Envoy of its own. */
export class Visitors {
  readonly #clients: readonly WssClient[];
  /** Milliseconds from the first dial until both had the other's HELLO. */
  readonly took: number;

  private constructor(clients: readonly WssClient[], took: number) {
    this.#clients = clients;
    this.took = took;
  }

  /** Both dial again and again until they are a pair; rejects when that takes longer. */
  static async meet(arena: FleetArena, meetup: string, mostMs: number): Promise<Visitors> {
    const began = steadyNow();
    const clients: Partial<Record<Side, WssClient>> = {};
    const late = AbortSignal.timeout(mostMs);
    const sit = async (side: Side, edge: EdgeName): Promise<WssClient> => {
      for (;;) {
        if (late.aborted) throw new Error(`nobody met at ${meetup} within ${mostMs / 1000} s`);
        const client = await dial(arena, edge, meetup, side).catch(() => undefined);
        if (client === undefined) {
          await delay(AGAIN_MS);
          continue;
        }
        clients[side] = client;
        client.hello(`visitor ${side}`);
        if (await greeted(client, late)) return client;
      }
    };
    try {
      const both = await Promise.all(SIDES.map((side, at) => sit(side, EDGES[at] ?? 'a')));
      return new Visitors(both, steadyNow() - began);
    } catch (error) {
      for (const client of Object.values(clients)) client.ws.terminate();
      throw error;
    }
  }

  /** Sends a message each way and awaits it. */
  async talk(): Promise<void> {
    const [one, other] = this.#clients;
    one?.send('there');
    if ((await other?.next()) !== 'there') throw new Error('a visitor got what the other did not send');
    other?.send('back');
    if ((await one?.next()) !== 'back') throw new Error('a visitor got what the other did not send');
  }

  async leave(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.terminate()));
  }
}

async function dial(arena: FleetArena, edge: EdgeName, meetup: string, side: Side): Promise<WssClient> {
  const [credential] = arena.files.credentials[side];
  if (credential === undefined) throw new Error('there is a certificate for each side');
  return WssClient.open(`${arena.url(edge)}${meetup}`, credential, { ca: arena.files.authority.certificate });
}

/** Whether the other one's HELLO came; false where the connection ended first. */
async function greeted(client: WssClient, late: AbortSignal): Promise<boolean> {
  const gaveUp = (): void => client.ws.terminate();
  late.addEventListener('abort', gaveUp);
  try {
    await client.next();
    return true;
  } catch {
    return false;
  } finally {
    late.removeEventListener('abort', gaveUp);
  }
}
