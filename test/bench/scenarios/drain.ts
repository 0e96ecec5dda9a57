import { inTurn } from '../rounds.js';
import type { Scenario } from '../scenario.js';
import { EARLIER, earlier, onStage, untraced } from '../variants.js';
import { againstBefore, come, forCrowds, roundsOfCrowds } from './crowds.js';
import { NS_PER_US } from './relay.js';

export const drain: Scenario = {
  name: 'drain',
  about: 'a service with many idle pairs is told to stop: what it costs it to close all of them',
  usual: true,
  run: async (settings) => {
    const { crowdPairs: pairs, tell } = settings;
    const variants = [untraced, ...earlier(settings)].map(forCrowds);
    const spent = new Map<string, number[]>(variants.map(({ name }) => [name, []]));
    const rounds = roundsOfCrowds(settings);
    for (let round = 0; round < rounds; round += 1) {
      for (const variant of inTurn(variants, round)) {
        tell(`round ${round + 1} of ${rounds}, ${variant.name}`);
        // Whoever was drained has ended, so each has a stage of its own.
        const ns = await onStage(
          settings,
          [variant],
          async (stage) => {
            const { refused } = await come(stage, variant.name, settings);
            // The fewer came, the cheaper a session would look.
            const [reason] = Object.keys(refused);
            if (reason !== undefined) throw new Error(`a peer of ${variant.name} was refused: ${reason}`);
            return stage.drained(variant.name);
          },
          { layout: {} },
        );
        spent.get(variant.name)?.push(ns / pairs / NS_PER_US);
      }
    }
    const [now = [], before = []] = [spent.get(untraced.name), spent.get(EARLIER)];
    const what = `${pairs} pairs are drained: CPU of a session, service`;
    return { rows: [againstBefore(what, 'µs', now, before, 0.5)], data: Object.fromEntries(spent) };
  },
};
