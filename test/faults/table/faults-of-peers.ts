import { setTimeout as delay } from 'node:timers/promises';
import { whyNoNetworks } from '../arena/able.js';
import { CERTIFICATES } from '../arena/arena-files.js';
import { holdsOnly } from '../arena/held.js';
import { check } from '../judge/checker.js';
import type { Side } from '../judge/history.js';
import { InsidePair } from '../peers/inside-pair.js';
import { worldIn } from '../world.js';
import type { Aftermath, Fault, Scene } from './fault.js';
import { see } from './see.js';

const BACK_MS = 20_000;
const SHORT_MS = 5_000;
const LONG_MS = 30_000;

/** Every gateway stands still, as a machine that is asleep: half of the peers, one of each pair. */
function frozen(ms: number): Fault['inject'] {
  return async ({ arena, begin }) => {
    begin();
    arena.crowds.gateway.signal('SIGSTOP');
    await delay(ms);
    arena.crowds.gateway.signal('SIGCONT');
  };
}

/** Every second gateway stops reading, and reads again. */
function stalled(ms: number): Fault['inject'] {
  return async ({ arena, begin }) => {
    begin();
    await arena.crowds.gateway.order({ t: 'stall', isStalled: true, share: 2 });
    await delay(ms);
    await arena.crowds.gateway.order({ t: 'stall', isStalled: false, share: 2 });
  };
}

function pulled(ms: number): Fault['inject'] {
  return async ({ arena, begin }) => {
    begin();
    await arena.cable.set('down');
    await delay(ms);
    await arena.cable.set('up');
  };
}

/** Two thirds of the gateways are reset, again and again. */
async function resets({ arena, begin }: Scene): Promise<void> {
  begin();
  for (const share of [3, 2, 3]) {
    await arena.crowds.gateway.order({ t: 'reset', share });
    await delay(300);
  }
}

/** All come at once; nothing else happens. */
async function arrival({ begin }: Scene): Promise<void> {
  begin();
}

/** Pairs that come beside those that talk. */
const NEWCOMERS = 800;
/** Milliseconds within which newcomers have each other's HELLO, and for which one may live on alone: they get little of the processor. */
const NEWCOMER_BOUNDS = { hello: 60_000, oneSided: 60_000 };

/** Phases: as many handshakes that Envoy refuses by itself, and the same with all that the service does for those who come. */
const HANDSHAKES = 'beside as many handshakes alone';
const THEY_COME = 'as they come';

/** Milliseconds for which nothing happens beside the pair at the service itself. */
const ALONE_MS = 2_000;

/** Many come at once beside those that talk, and after a while all of them lose their lines at once. */
async function comeAndGo({ arena, seats, begin, phase }: Scene): Promise<Aftermath> {
  const { newcomers, files, ports } = arena;
  const ordersFor = (side: Side) => {
    const seat = (at: number) =>
      ({
        meetup: `sub/kept/new/${at}`,
        side,
        kind: at % 2 === 0 ? 'ours' : 'deployed',
        credential: at % CERTIFICATES,
      }) as const;
    const newSeats = Array.from({ length: NEWCOMERS }, (_, at) => seat(at));
    return { t: 'begin', world: worldIn(arena, side, {}), seats: newSeats, everyMs: 0 } as const;
  };
  const orders = { manager: ordersFor('manager'), gateway: ordersFor('gateway') };
  const inside = await InsidePair.meet(files.path('service.sock'));
  await delay(ALONE_MS);
  const felt = [`${inside.take().toFixed(1)} ms before`];
  const during = async <T>(name: string, what: () => Promise<T>): Promise<T> => {
    phase(name);
    const done = await what();
    felt.push(`${inside.take().toFixed(1)} ms ${name}`);
    return done;
  };
  begin();
  await during(HANDSHAKES, () => newcomers.knock(orders));
  await during(THEY_COME, () => newcomers.come(orders));
  const history = await during('beside them', () => newcomers.history((name) => files.path(name)));
  await during('as they go', async () => {
    await newcomers.stop();
    await holdsOnly(seats.manager.length + seats.gateway.length + 2, ports.metrics);
  });
  inside.leave();
  const wrong = check(history, NEWCOMER_BOUNDS).map(({ kind, on, detail }) => `newcomers: ${kind}: ${on}: ${detail}`);
  return { notes: [`at the service itself, without Envoy: ${felt.join(', ')}`], judge: () => wrong };
}

/** Nobody is refused; but a peer gives up a dial after its time, and peers and proxy share the machine here. */
const tooBusy = [see.noAnswer, see.noHello, see.unheard, see.gone];
const cable = { arena: { hasCable: true }, unable: whyNoNetworks, toldTo: ['manager'] } as const;

export const faultsOfPeers: readonly Fault[] = [
  {
    name: 'half of the peers stand still for 5 s (SIGSTOP)',
    form: 'short',
    inject: frozen(SHORT_MS),
    allowed: [],
    bounds: { recovery: BACK_MS, callsEnded: 0 },
    toldTo: ['manager'],
  },
  {
    name: 'half of the peers stand still for 30 s (SIGSTOP)',
    form: 'long',
    inject: frozen(LONG_MS),
    allowed: [see.unheard, see.gone, see.broke, see.silent, see.noAnswer, see.full],
    bounds: { recovery: BACK_MS, told: 25_000, oneSided: LONG_MS },
    toldTo: ['manager'],
  },
  {
    name: 'every second gateway does not read for 4 s, under messages of up to 200 KB',
    form: 'short',
    inject: stalled(4_000),
    allowed: [],
    bounds: { recovery: BACK_MS, callsEnded: 0 },
    paddingChars: 200_000,
  },
  {
    name: 'connections are reset, those of deployed peers in the middle of a frame',
    form: 'short',
    inject: resets,
    allowed: [see.broke, see.gone, see.silent, see.full],
    bounds: { recovery: BACK_MS, told: 10_000 },
  },
  {
    name: "the gateways' cable is pulled for 5 s",
    form: 'short',
    inject: pulled(SHORT_MS),
    allowed: [],
    bounds: { recovery: BACK_MS, callsEnded: 0 },
    ...cable,
  },
  {
    name: "the gateways' cable is pulled for 45 s",
    form: 'long',
    inject: pulled(45_000),
    allowed: [see.unheard, see.gone, see.broke, see.silent, see.noAnswer, see.full, see.slow],
    bounds: { recovery: 45_000, told: 25_000, oneSided: 60_000 },
    ...cable,
  },
  {
    name: '300 pairs come at once',
    form: 'short',
    inject: arrival,
    allowed: tooBusy,
    bounds: { recovery: 30_000, hello: 20_000, ofHandshakes: 4 },
    pairs: 300,
    everyMs: 0,
    isArrival: true,
    isAlone: true,
  },
  {
    name: '800 pairs come at once, and go at once, beside 16 that talk',
    form: 'long',
    inject: comeAndGo,
    allowed: [],
    bounds: {
      recovery: BACK_MS,
      callsEnded: 0,
      slowed: { phase: THEY_COME, beside: HANDSHAKES, times: 5, orMs: 1_000 },
    },
    everyMs: 40,
    answerMs: 0,
    warmMs: 5_000,
    arena: { hasNewcomers: true },
    isAlone: true,
  },
  {
    name: '2,500 pairs come at once',
    form: 'long',
    inject: arrival,
    allowed: tooBusy,
    bounds: { recovery: 120_000, hello: 60_000, ofHandshakes: 4 },
    pairs: 2_500,
    everyMs: 0,
    redialMs: 20_000,
    isArrival: true,
    isAlone: true,
  },
  {
    name: 'the service of 2,500 pairs is killed (SIGKILL)',
    form: 'long',
    inject: async ({ arena, begin }) => {
      begin();
      await arena.service.kill('SIGKILL');
      await arena.service.revive();
    },
    allowed: [see.broke, see.unavailable, ...tooBusy],
    // Deployed peers come every 20 s whatever happens: who is refused once while the service starts comes in the second round.
    bounds: { recovery: 120_000, hello: 60_000, told: 20_000, ofHandshakes: 8 },
    pairs: 2_500,
    everyMs: 0,
    redialMs: 20_000,
    isAlone: true,
  },
];
