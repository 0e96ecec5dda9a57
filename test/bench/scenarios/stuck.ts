import { digits } from '../row.js';
import { type Scenario, warmUpOf } from '../scenario.js';
import type { ServiceVariant } from '../stage.js';
import { onStage, untraced } from '../variants.js';

const MIB = 1024 * 1024;
/** `--high-mark` of the service in this scenario, bytes: its bound on what waits for one peer. */
const HIGH_MARK = 16 * MIB;
/** Body of what the flooding peer sends, bytes. */
const FLOOD_BYTES = 64 * 1024;
/** Requests a second of the neighbours. */
const NEIGHBOUR_RATE = 1_000;

/** The stall timeout would end the stuck peer, which is the end of the story in life and of the measurement here. */
const patient: ServiceVariant = {
  ...untraced,
  name: 'patient',
  flags: ['--stall-timeout', '10m', '--high-mark', `${HIGH_MARK / MIB}MiB`, '--low-mark', '4MiB'],
};

export const stuck: Scenario = {
  name: 'stuck',
  about: 'one peer stops reading while the other sends at full speed; a neighbour pair beside it',
  usual: true,
  run: (settings) =>
    onStage(settings, [patient], async (stage) => {
      settings.tell(`neighbours alone, then ${settings.stuckSeconds} s beside a stuck reader`);
      const result = await stage.run({
        t: 'stuck',
        target: stage.target(patient.name),
        plan: {
          floodBytes: FLOOD_BYTES,
          service: stage.pid(patient.name),
          neighbours: {
            pairs: 1,
            rate: NEIGHBOUR_RATE,
            requestBytes: 200,
            answerBytes: 200,
            warmUpMs: warmUpOf(settings),
            measureMs: settings.stuckSeconds * 1000,
          },
        },
      });
      const grown = (result.residentMost - result.residentBefore) / HIGH_MARK;
      return {
        rows: [
          {
            what: 'growth beside one stuck reader, of the bound',
            value: grown,
            unit: '',
            target: { atMost: 1.1 },
            detail: `${digits((grown * HIGH_MARK) / MIB)} MiB of ${HIGH_MARK / MIB}; ${digits(result.taken / MIB)} MiB taken from the sender`,
          },
          {
            what: 'neighbour p99 beside it, of its own alone',
            value: result.beside.latency.p99 / result.alone.latency.p99,
            unit: '',
            target: { atMost: 1.2 },
            detail: `${digits(result.beside.latency.p99)} against ${digits(result.alone.latency.p99)} µs`,
          },
        ],
        data: result,
      };
    }),
};
