import { availableParallelism } from 'node:os';
import type { Arrival } from '../../../bench/crowd.js';
import { inTurn, ratioOf } from '../rounds.js';
import type { FigureRow } from '../row.js';
import type { Scenario, Settings } from '../scenario.js';
import { REFERENCE, type Stage } from '../stage.js';
import { EARLIER, earlier, onStage, untraced } from '../variants.js';
import { againstBefore, come, filesOf, forCrowds, go, roundsOfCrowds } from './crowds.js';
import { NS_PER_MS, NS_PER_US, ratioRow } from './relay.js';

/** One crowd that came and went. */
interface Visit {
  readonly arrival: Arrival;
  /** CPU time of the service when all lines were cut, nanoseconds. */
  readonly goneNs: number;
}

interface Visits {
  /** Seconds of as many handshakes that Envoy answers itself, in each round. */
  readonly handshakes: readonly number[];
  readonly visits: ReadonlyMap<string, readonly Visit[]>;
}

export const storm: Scenario = {
  name: 'storm',
  about: 'all pairs dial at once, and all lose their lines at once: TLS with client certificates, the whole machine',
  usual: true,
  run: (settings) => {
    const variants = [untraced, ...earlier(settings)].map(forCrowds);
    const names = [...variants.map(({ name }) => name), REFERENCE];
    return onStage(
      settings,
      variants,
      async (stage) => {
        const found = await visitAll(stage, names, settings);
        const data = { handshakes: found.handshakes, visits: Object.fromEntries(found.visits) };
        return { rows: rowsOf(found, settings), data };
      },
      // As many threads of Envoy as a deployment has, and no process has a core for itself.
      { layout: {}, workers: availableParallelism() },
    );
  },
};

async function visitAll(stage: Stage, names: readonly string[], settings: Settings): Promise<Visits> {
  const { crowdPairs: pairs, tell } = settings;
  const atRest = new Map(names.map((name) => [name, filesOf(stage, name)]));
  const handshakes: number[] = [];
  const visits = new Map<string, Visit[]>(names.map((name) => [name, []]));
  const rounds = roundsOfCrowds(settings);
  for (let round = 0; round < rounds; round += 1) {
    tell(`round ${round + 1} of ${rounds}, handshakes alone`);
    handshakes.push((await stage.drive({ t: 'knock', target: stage.target(untraced.name), pairs })) as number);
    for (const name of inTurn(names, round)) {
      tell(`round ${round + 1} of ${rounds}, ${name}`);
      const arrival = await come(stage, name, settings);
      const goneNs = await go(stage, name, atRest.get(name) ?? 0);
      visits.get(name)?.push({ arrival, goneNs });
    }
  }
  return { handshakes, visits };
}

function rowsOf({ handshakes, visits }: Visits, { crowdPairs: pairs }: Settings): FigureRow[] {
  const of = (name: string): readonly Visit[] => visits.get(name) ?? [];
  const [ours, plain] = [of(untraced.name), of(REFERENCE)];
  const compared = { service: ours, reference: plain };
  const refused = ours.flatMap(({ arrival }) => Object.values(arrival.refused)).reduce((sum, count) => sum + count, 0);
  const goneUs = ({ goneNs }: Visit): number => goneNs / pairs / NS_PER_US;
  const setUpMs = ({ arrival }: Visit): number => (arrival.usage['service']?.cpuNs ?? Number.NaN) / pairs / NS_PER_MS;
  return [
    ratioRow(
      `${pairs} pairs dial at once: until all are paired, of their handshakes alone`,
      's',
      ratioOf({ service: ours.map(({ arrival }) => arrival.seconds), reference: handshakes }, (seconds) => seconds),
      { atMost: 1.3 },
    ),
    {
      what: `${pairs} pairs dial at once: peers refused`,
      value: refused,
      unit: '',
      target: { atMost: 0 },
      detail: `in ${ours.length} rounds`,
    },
    ratioRow('CPU of a session that dials so, service', 'ms', ratioOf(compared, setUpMs)),
    ratioRow(`${pairs} pairs are cut off at once: CPU of a session, service`, 'µs', ratioOf(compared, goneUs)),
    againstBefore(
      `${pairs} pairs are cut off at once: CPU of a session, service`,
      'µs',
      ours.map(goneUs),
      of(EARLIER).map(goneUs),
      0.5,
    ),
  ];
}
