import { connect } from 'node:tls';
import type { SeatPlan, SeatWorld } from './seat.js';
import { addressOf, contextOf } from './secure-context.js';

/** A request that Envoy answers by itself: nothing behind it hears of it. */
const NOWHERE = 'GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

/** A handshake for each of these seats, all at once, and nothing more; resolves when Envoy has answered all of them. */
export async function knockAll(world: SeatWorld, seats: readonly SeatPlan[]): Promise<void> {
  await Promise.all(seats.map((seat) => knock(world, seat)));
}

async function knock(world: SeatWorld, seat: SeatPlan): Promise<void> {
  while (!(await isAnswered(world, seat)));
}

/** False where the connection broke off before the answer: the handshake is made again, as peers do. */
function isAnswered(world: SeatWorld, { credential }: SeatPlan): Promise<boolean> {
  return new Promise((resolve) => {
    const secureContext = contextOf(world, credential);
    const line = connect({ ...addressOf(world), servername: world.servername, secureContext });
    line.on('error', () => {});
    line.once('close', () => resolve(false));
    line.once('data', () => {
      resolve(true);
      line.destroy();
    });
    line.write(NOWHERE);
  });
}
