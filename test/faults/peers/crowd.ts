/** The peers of one side of all meetups, as a process that can be stopped, killed and cut off by itself. */
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { CrowdOrder, CrowdWord } from './crowd-order.js';
import { DeployedSeat } from './deployed-seat.js';
import { knockAll } from './knock.js';
import { OurSeat } from './our-seat.js';
import { Recorder } from './recorder.js';
import type { SeatedPeer } from './seat.js';

/** Milliseconds between two looks at what changed. */
const STATUS_MS = 20;

const recorder = new Recorder();
let seats: readonly SeatedPeer[] = [];
let pace: NodeJS.Timeout[] = [];
let isSettling = false;
// The first status says that it runs.
let isChanged = true;
const changed = (): void => {
  isChanged = true;
};

setInterval(() => {
  if (!isChanged) return;
  isChanged = false;
  if (isSettling) for (const seat of seats) seat.mark();
  const count = (of: (seat: SeatedPeer) => boolean): number => seats.filter(of).length;
  const losses = seats.reduce((sum, seat) => sum + seat.losses, 0);
  const [paired, settled] = [count((seat) => seat.isPaired), count((seat) => seat.isSettled)];
  say({ t: 'status', paired, settled, losses, answered: recorder.answered });
}, STATUS_MS);

const orders = createInterface({ input: process.stdin });
orders.on('line', (line) => {
  void obey(JSON.parse(line) as CrowdOrder).then(() => say({ t: 'done' }));
});
// Whoever gave the orders is gone.
orders.on('close', () => process.exit());

async function obey(order: CrowdOrder): Promise<void> {
  switch (order.t) {
    case 'begin':
      return begin(order);
    case 'knock':
      return knockAll(order.world, order.seats);
    case 'settle':
      isSettling = true;
      calm();
      return changed();
    case 'save':
      calm();
      return writeFileSync(order.file, JSON.stringify(recorder.history));
    case 'leave':
      await Promise.all(seats.map((seat) => seat.stop()));
      seats = [];
      // What the ends added is nobody's.
      return recorder.clear();
    case 'reset':
      for (const seat of shareOf(order.share)) seat.reset();
      return;
    case 'stall':
      for (const seat of shareOf(order.share)) seat.stall(order.isStalled);
      return;
  }
}

function begin({ world, seats: plans, everyMs }: Extract<CrowdOrder, { readonly t: 'begin' }>): void {
  isSettling = false;
  seats = plans.map((plan) => {
    const Kind = plan.kind === 'ours' ? OurSeat : DeployedSeat;
    return new Kind(plan, world, recorder, changed);
  });
  for (const seat of seats) seat.start();
  if (everyMs > 0) pace = seats.map((seat) => keepSending(seat, everyMs));
}

function keepSending(seat: SeatedPeer, everyMs: number): NodeJS.Timeout {
  // Not all in one turn.
  return setTimeout(() => {
    pace.push(
      setInterval(() => {
        seat.call();
        seat.event();
      }, everyMs),
    );
  }, Math.random() * everyMs);
}

function calm(): void {
  for (const timer of pace) clearInterval(timer);
  pace = [];
}

function shareOf(share: number): readonly SeatedPeer[] {
  return seats.filter((_, at) => at % share === 0);
}

function say(word: CrowdWord): void {
  process.stdout.write(`${JSON.stringify(word)}\n`);
}
