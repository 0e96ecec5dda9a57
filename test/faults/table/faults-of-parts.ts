import { setTimeout as delay } from 'node:timers/promises';
import type { ArenaPart } from '../arena/arena-part.js';
import type { Fault, Scene } from './fault.js';
import { see } from './see.js';

/** Ends parts by a signal, all at once, and starts them again. */
function ended(signal: 'SIGKILL' | 'SIGTERM', partsOf: (scene: Scene) => readonly ArenaPart[]): Fault['inject'] {
  return async (scene) => {
    scene.begin();
    const parts = partsOf(scene);
    await Promise.all(parts.map((part) => part.kill(signal)));
    await Promise.all(parts.map((part) => part.revive()));
  };
}

/** Stops parts for a time, as a machine does that is asleep. */
function stopped(ms: number, partOf: (scene: Scene) => ArenaPart): Fault['inject'] {
  return async (scene) => {
    const part = partOf(scene);
    scene.begin();
    part.signal('SIGSTOP');
    await delay(ms);
    part.signal('SIGCONT');
  };
}

const service = ({ arena }: Scene): ArenaPart => arena.service;
const envoy = ({ arena }: Scene): ArenaPart => arena.envoy;
const both = (scene: Scene): readonly ArenaPart[] => [service(scene), envoy(scene)];

/** Back within 10 s of being ready, as README says of our peers; deployed ones come after their own time. */
const BACK_MS = 20_000;
/** A pause shorter than pings wait for their pongs. */
const SHORT_MS = 5_000;
const LONG_MS = 30_000;

export const faultsOfParts: readonly Fault[] = [
  {
    name: 'the service is killed (SIGKILL)',
    form: 'short',
    inject: ended('SIGKILL', (scene) => [service(scene)]),
    allowed: [see.broke, see.gone, see.unavailable, see.noAnswer],
    bounds: { recovery: BACK_MS, told: 5_000 },
  },
  {
    name: 'Envoy is killed (SIGKILL)',
    form: 'short',
    inject: ended('SIGKILL', (scene) => [envoy(scene)]),
    allowed: [see.broke, see.noAnswer, see.unavailable, see.gone],
    bounds: { recovery: BACK_MS, told: 5_000 },
  },
  {
    name: 'the service and Envoy are killed (SIGKILL)',
    form: 'long',
    inject: ended('SIGKILL', both),
    allowed: [see.broke, see.noAnswer, see.unavailable, see.gone],
    bounds: { recovery: BACK_MS, told: 5_000 },
  },
  {
    name: 'the service is told to stop (SIGTERM), under 500 calls a second',
    form: 'short',
    inject: ended('SIGTERM', (scene) => [service(scene)]),
    allowed: [see.restarts, see.unavailable, see.noAnswer],
    bounds: { recovery: BACK_MS, told: 10_000, callsEnded: 50, callsEndedOfOurs: 0 },
    everyMs: 64,
  },
  {
    name: 'Envoy is told to stop (SIGTERM)',
    form: 'long',
    inject: ended('SIGTERM', (scene) => [envoy(scene)]),
    allowed: [see.broke, see.noAnswer, see.unavailable, see.gone],
    bounds: { recovery: BACK_MS, told: 10_000 },
  },
  {
    name: 'the service and Envoy are told to stop (SIGTERM)',
    form: 'long',
    inject: ended('SIGTERM', both),
    allowed: [see.broke, see.restarts, see.noAnswer, see.unavailable, see.gone],
    bounds: { recovery: BACK_MS, told: 10_000 },
  },
  {
    name: 'the service stands still for 5 s (SIGSTOP)',
    form: 'short',
    inject: stopped(SHORT_MS, service),
    allowed: [],
    bounds: { recovery: BACK_MS, callsEnded: 0 },
  },
  {
    name: 'Envoy stands still for 5 s (SIGSTOP)',
    form: 'short',
    inject: stopped(SHORT_MS, envoy),
    allowed: [],
    bounds: { recovery: BACK_MS, callsEnded: 0 },
  },
  {
    name: 'the service stands still for 30 s (SIGSTOP)',
    form: 'long',
    inject: stopped(LONG_MS, service),
    allowed: [see.silent, see.unheard, see.gone, see.broke, see.noAnswer, see.full],
    bounds: { recovery: BACK_MS, oneSided: LONG_MS + 25_000 },
  },
  {
    name: 'Envoy stands still for 30 s (SIGSTOP)',
    form: 'long',
    inject: stopped(LONG_MS, envoy),
    allowed: [see.silent, see.unheard, see.gone, see.broke, see.noAnswer, see.full],
    bounds: { recovery: BACK_MS, oneSided: LONG_MS + 25_000 },
  },
];
