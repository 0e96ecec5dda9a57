import { setTimeout as wait } from 'node:timers/promises';
import { digits, type FigureRow } from '../row.js';
import type { Scenario } from '../scenario.js';
import { onStage, untraced } from '../variants.js';

/** Sessions that come and go before the first census, so that code and pools that are made once are not counted. */
const PRIMING_SESSIONS = 200;
/** Time for a round of pings, milliseconds. */
const HOLD_MS = 12_000;
/** Time in which closed connections come to rest, milliseconds. */
const REST_MS = 3_000;
const KIB = 1024;
const MAX_KIB_EACH = 10;

export const idle: Scenario = {
  name: 'idle',
  about: 'memory of the service for each session that only stands there and is pinged',
  usual: true,
  run: (settings) =>
    onStage(
      settings,
      [untraced],
      async (stage) => {
        const target = stage.target(untraced.name);
        const { idleSessions: sessions } = settings;
        await stage.drive({ t: 'open-idle', target, sessions: PRIMING_SESSIONS });
        await stage.drive({ t: 'close-idle' });
        await wait(REST_MS);
        const before = await stage.census(untraced.name);
        settings.tell(`opening ${sessions} sessions`);
        await stage.drive({ t: 'open-idle', target, sessions });
        settings.tell(`holding ${sessions} sessions`);
        await wait(HOLD_MS);
        const after = await stage.census(untraced.name);
        const lost = Number(await stage.drive({ t: 'close-idle' }));
        const each = (part: 'residentBytes' | 'heapBytes' | 'externalBytes'): number =>
          (after[part] - before[part]) / sessions / KIB;
        const held = after.sessions - before.sessions;
        const rows: FigureRow[] = [
          {
            what: 'idle sessions held',
            value: held,
            unit: '',
            target: { atLeast: 4_500 },
            detail: `${sessions} opened, ${lost} connections lost`,
          },
          {
            what: 'memory of the service an idle session',
            value: each('residentBytes'),
            unit: 'KiB',
            target: { atMost: MAX_KIB_EACH },
            detail: `resident, after a collection; heap ${digits(each('heapBytes'))}, external ${digits(each('externalBytes'))} KiB`,
          },
        ];
        return { rows, data: { before, after, sessions, lost } };
      },
      { layout: {} },
    ),
};
