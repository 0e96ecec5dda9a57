import { setTimeout as wait } from 'node:timers/promises';
import { usageOf } from '../../../bench/usage.js';
import { digits } from '../row.js';
import type { Scenario } from '../scenario.js';
import { onStage, untraced } from '../variants.js';

/** Sessions that come and go before memory is looked at first. */
const PRIMING_SESSIONS = 200;
/** Sessions that have come and gone for each that stays. */
const TIMES = 10;
/** Time for a round of pings, milliseconds. */
const HOLD_MS = 12_000;
/** Time in which closed connections come to rest, milliseconds. */
const REST_MS = 3_000;
const KIB = 1024;

export const churned: Scenario = {
  name: 'churned',
  about: 'memory of the service for each idle session after ten times as many came and went, with no collection forced',
  usual: true,
  run: (settings) =>
    onStage(
      settings,
      [untraced],
      async (stage) => {
        const { idleSessions: sessions, tell } = settings;
        const target = stage.target(untraced.name);
        const resident = (): number => usageOf(stage.pid(untraced.name)).residentBytes;
        await stage.drive({ t: 'come-and-go', target, sessions: PRIMING_SESSIONS });
        await wait(REST_MS);
        const before = resident();
        tell(`${TIMES * sessions} sessions that come and go`);
        await stage.drive({ t: 'come-and-go', target, sessions: TIMES * sessions });
        await wait(REST_MS);
        const between = resident();
        tell(`${sessions} sessions that stay`);
        await stage.drive({ t: 'open-idle', target, sessions });
        await wait(HOLD_MS);
        const after = resident();
        const lost = Number(await stage.drive({ t: 'close-idle' }));
        const each = (from: number, to: number): number => (to - from) / sessions / KIB;
        const row = {
          what: 'memory of the service an idle session, after a churn',
          value: lost === 0 ? each(before, after) : Number.NaN,
          unit: 'KiB',
          target: { atMost: 14 },
          detail: `resident, no collection forced; ${sessions} sessions, ${lost} connections lost; ${digits(each(before, between))} KiB of it from the churn`,
        };
        return { rows: [row], data: { sessions, before, between, after, lost } };
      },
      { layout: {} },
    ),
};
