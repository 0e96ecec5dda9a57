import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '../../../dev/wait.js';
import { libfaketime, whyNoLimits, whyNoMount, whyNoTime } from '../arena/able.js';
import type { ArenaFiles } from '../arena/arena-files.js';
import type { ArenaPart } from '../arena/arena-part.js';
import type { ArenaPlan } from '../arena/arena-plan.js';
import { type Fault, FELT_MS, feltBy, type Scene } from './fault.js';
import { see } from './see.js';

const BACK_MS = 20_000;
const HOUR_MS = 3_600_000;
/** Milliseconds for which such a fault lasts. */
const HELD_MS = 3_000;
/** Open files of a process that has more already. */
const FEW_FILES = 3;
/** Size of the small disk, KiB. */
const DISK_KIB = 512;

/** File of the offset of the wall clock of an arena's parts. */
const OFFSET = 'clock.offset';

function clockEnv(files: ArenaFiles): Readonly<Record<string, string>> {
  files.scratch.write(OFFSET, '+0');
  return {
    LD_PRELOAD: libfaketime() ?? '',
    FAKETIME_TIMESTAMP_FILE: files.path(OFFSET),
    FAKETIME_NO_CACHE: '1',
    DONT_FAKE_MONOTONIC: '1',
  };
}

/** Envoy does not start with the library: its allocator asks for the time before there is one. */
const clocks: ArenaPlan = { serviceEnv: clockEnv };

/** The service's wall clock goes forward by so many hours, and back after a while. */
function clockStepped(hours: number): Fault['inject'] {
  return async ({ arena, begin }) => {
    begin();
    arena.files.scratch.replace(OFFSET, `+${hours}h`);
    // What the service logs about it says what time it is there.
    await arena.crowds.gateway.order({ t: 'reset', share: 8 });
    const then = new Date(Date.now() + hours * HOUR_MS).toISOString().slice(0, 13);
    await waitFor('the service did not take the other time', FELT_MS, new AbortController().signal, async () =>
      arena.service.lastWords().includes(`"time":"${then}`) ? true : undefined,
    );
    await delay(HELD_MS);
    arena.files.scratch.replace(OFFSET, '+0');
  };
}

/** Logs and audit go to a disk of the service's own, which nobody else sees and which goes with it. */
const smallDisk: ArenaPlan = {
  aroundService: (files) => {
    const disk = files.path('disk');
    const mounted = `mount -t tmpfs -o size=${DISK_KIB}k tmpfs '${disk}' && exec "$@" >'${disk}/service.log' 2>&1`;
    return ['unshare', '--mount', 'sh', '-c', mounted, 'sh'];
  },
};

async function diskFull({ arena, begin }: Scene): Promise<void> {
  const disk = arena.files.path('disk');
  const within = (script: string): string => {
    const args = [`--mount=/proc/${arena.service.pid}/ns/mnt`, '--', 'sh', '-c', script];
    return spawnSync('nsenter', args, { encoding: 'utf8' }).stderr;
  };
  begin();
  const told = within(`head -c ${2 * DISK_KIB * 1024} /dev/zero >'${disk}/filler'`);
  if (!told.includes('No space left')) throw new Error(`the disk was not filled: ${told}`);
  const isFelt = feltBy(arena.crowds.gateway);
  // So that there is much to log and to audit.
  await arena.crowds.gateway.order({ t: 'reset', share: 2 });
  await isFelt;
  await delay(HELD_MS);
  within(`rm '${disk}/filler'`);
}

/** A process may open no file more, while half of the gateways come anew. */
function descriptorsExhausted(partOf: (scene: Scene) => ArenaPart): Fault['inject'] {
  return async (scene) => {
    const { arena } = scene;
    const { pid } = partOf(scene);
    const limit = (files: string): void => {
      const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--nofile=${files}`], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`prlimit: ${stderr}`);
    };
    const before = spawnSync('prlimit', ['--pid', String(pid), '--nofile', '--output=SOFT,HARD', '--noheadings'], {
      encoding: 'utf8',
    });
    const [soft = '', hard = ''] = before.stdout.trim().split(/\s+/);
    scene.begin();
    // Numbers that become free are given out again: only a limit below all of them leaves none.
    limit(`${FEW_FILES}:${hard}`);
    const isFelt = feltBy(arena.crowds.gateway);
    await arena.crowds.gateway.order({ t: 'reset', share: 2 });
    await isFelt;
    await delay(HELD_MS);
    if (arena.crowds.gateway.status.paired === scene.seats.gateway.length) {
      throw new Error('all of them came back: the limit was none');
    }
    limit(`${soft}:${hard}`);
  };
}

async function collectorHangs({ arena, begin }: Scene): Promise<void> {
  begin();
  arena.collector.mode = 'hang';
  const before = arena.collector.requests;
  await arena.crowds.gateway.order({ t: 'reset', share: 4 });
  await arena.collector.until(() => arena.collector.requests > before);
  await delay(HELD_MS);
  arena.collector.mode = 'take';
}

export const faultsOfSurroundings: readonly Fault[] = [
  {
    name: 'the wall clock of the service is an hour ahead for 3 s, while peers come and go',
    form: 'long',
    inject: clockStepped(1),
    allowed: [see.broke, see.gone, see.silent],
    bounds: { recovery: BACK_MS },
    arena: clocks,
    unable: whyNoTime,
  },
  {
    name: 'the wall clock of the service is 400 days ahead for 3 s: all certificates have expired',
    form: 'long',
    inject: clockStepped(400 * 24),
    allowed: [see.expired, see.gone, see.broke, see.silent],
    expected: [see.expired],
    bounds: { recovery: 40_000 },
    arena: clocks,
    unable: whyNoTime,
  },
  {
    name: 'the service may open no more files, while peers come and go',
    form: 'short',
    inject: descriptorsExhausted(({ arena }) => arena.service),
    allowed: [see.silent, see.gone, see.broke, see.noAnswer, see.noRoom, see.unavailable],
    bounds: { recovery: BACK_MS },
    unable: whyNoLimits,
  },
  {
    name: 'Envoy may open no more files, while peers come and go',
    form: 'long',
    inject: descriptorsExhausted(({ arena }) => arena.envoy),
    allowed: [see.silent, see.gone, see.broke, see.noAnswer, see.noRoom, see.unavailable],
    bounds: { recovery: BACK_MS },
    unable: whyNoLimits,
  },
  {
    name: 'the disk of logs and audit is full for 3 s, while peers come and go',
    form: 'short',
    inject: diskFull,
    allowed: [see.silent, see.gone, see.broke],
    bounds: { recovery: BACK_MS },
    arena: smallDisk,
    unable: whyNoMount,
  },
  {
    name: 'the collector of traces and metrics hangs for 3 s, while peers come and go',
    form: 'long',
    inject: collectorHangs,
    allowed: [see.silent, see.gone, see.broke],
    bounds: { recovery: BACK_MS },
    arena: { hasCollector: true },
  },
];
