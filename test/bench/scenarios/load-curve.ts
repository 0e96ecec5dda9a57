import type { Measurement } from '../../../bench/window.js';
import type { Curve, Scenario, Settings } from '../scenario.js';
import { warmUpOf } from '../scenario.js';
import { REFERENCE, type Stage } from '../stage.js';
import { onStage, untraced } from '../variants.js';

/** Requests a second. */
const RATES = [1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 60_000, 80_000, 100_000];
/** Above this p99, microseconds, the queue only grows with time: no further rate is tried. */
const SATURATED_US = 100_000;

export const loadCurve: Scenario = {
  name: 'load-curve',
  about: 'latency against load, requests by the clock: 10 pairs, 200-byte bodies',
  usual: true,
  run: (settings) =>
    onStage(settings, [untraced], async (stage) => {
      const curves = [
        await curveOf(stage, settings, untraced.name, 'ws-proxy'),
        await curveOf(stage, settings, REFERENCE, 'plain ws relay over TCP'),
      ];
      return { rows: [], data: curves, curves };
    }),
};

async function curveOf(stage: Stage, settings: Settings, name: string, title: string): Promise<Curve> {
  const points: Curve['points'][number][] = [];
  for (const rate of RATES) {
    settings.tell(`${title}: ${rate} requests a second`);
    const latency = await at(stage, settings, name, rate);
    if (latency === undefined) break;
    points.push({ rate, p50: latency.p50, p99: latency.p99 });
    if (latency.p99 > SATURATED_US) break;
  }
  return { name: title, points };
}

async function at(
  stage: Stage,
  settings: Settings,
  name: string,
  rate: number,
): Promise<Measurement['latency'] | undefined> {
  const plan = {
    pairs: 10,
    rate,
    requestBytes: 200,
    answerBytes: 200,
    warmUpMs: warmUpOf(settings),
    measureMs: settings.measureMs,
  };
  try {
    const job = { t: 'open', target: stage.target(name), watched: {}, plan } as const;
    return (await stage.run(job)).latency;
  } catch (error) {
    // The service cannot relay this rate, so the curve ends here.
    settings.tell(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
