import { broker, type Contender, original, staged } from '../rivals/contender.js';
import { figuresFor } from '../rivals/figures.js';
import { type Column, rivalsTable } from '../rivals/table.js';
import type { Visit } from '../rivals/visit.js';
import { inTurn } from '../rounds.js';
import { type Findings, type Scenario, type Settings, warmUpOf } from '../scenario.js';
import { REFERENCE, type Stage } from '../stage.js';
import { onStage, untraced } from '../variants.js';

const BODY_BYTES = 200;
/** A tenth of the pairs at first, and a tenth at last, show what a pair costs to set up. */
const COUNTED_SHARE = 0.1;

export const rivals: Scenario = {
  name: 'rivals',
  about:
    'what else one could take, with certificates on both sides: a plain ws relay behind Envoy, the Micronets proxy, NATS',
  usual: false,
  run: (settings) => {
    const { service: core } = settings.layout;
    // The whole way of a message has one core, whatever it consists of; the generator has the other.
    const layout = core === undefined ? settings.layout : { ...settings.layout, edge: core };
    return onStage(
      settings,
      [untraced],
      async (stage) => {
        const contenders = await start(stage, settings);
        try {
          return found(settings, await visitAll(stage, contenders, settings));
        } finally {
          await Promise.all(contenders.map((one) => one.stop()));
        }
      },
      { layout },
    );
  },
};

async function start(stage: Stage, { layout, original: checkout, rounds, tell }: Settings): Promise<Contender[]> {
  const contenders = [
    staged(stage, untraced.name, 'ws-proxy', rounds),
    staged(stage, REFERENCE, 'plain `ws` relay', rounds),
  ];
  if (checkout === undefined) tell('the Micronets proxy is left out: name a checkout of it by --original');
  else contenders.push(await original(stage, layout.service, checkout));
  return [...contenders, await broker(stage, layout.service, rounds)];
}

/** Visits in turns, forwards and backwards. */
async function visitAll(stage: Stage, contenders: readonly Contender[], settings: Settings): Promise<Column[]> {
  const found = new Map<Contender, Visit[]>(contenders.map((one) => [one, []]));
  for (let round = 0; round < settings.rounds; round += 1) {
    for (const one of inTurn(contenders, round)) {
      if (round >= one.visits) continue;
      settings.tell(`round ${round + 1} of ${settings.rounds}, ${one.title}`);
      found.get(one)?.push(await visited(stage, one, settings));
    }
  }
  return [...found].map(([{ title }, visits]) => ({ title, visits }));
}

function visited(stage: Stage, one: Contender, settings: Settings): Promise<Visit> {
  const { speech, target, watched } = one;
  const sizes = { requestBytes: BODY_BYTES, answerBytes: BODY_BYTES };
  const times = { warmUpMs: warmUpOf(settings), measureMs: settings.measureMs };
  const pairs = { pairs: settings.rivalPairs, counted: countedOf(settings) };
  return stage.drive({ t: 'visit', plan: { speech, target, watched, ...sizes, ...times, ...pairs } }) as Promise<Visit>;
}

/** The table is for a document: nobody has a target here. */
function found(settings: Settings, columns: readonly Column[]): Findings {
  const figures = figuresFor(settings.rivalPairs, countedOf(settings));
  return { rows: [], data: columns, document: rivalsTable(figures, columns) };
}

function countedOf({ rivalPairs }: Settings): number {
  return Math.ceil(rivalPairs * COUNTED_SHARE);
}
