import { expect } from 'chai';
import { LEISURE_MS } from '../../proxy/ports/leisure.js';
import { CoreClient } from '../support/core-client.js';
import { CoreServer } from '../support/core-server.js';
import { burn, TurnCount } from '../support/event-loop.js';

const PAIRS = 20;

describe('a fleet that goes at once, over real sockets', () => {
  const ways: readonly (readonly [string, (client: CoreClient) => void])[] = [
    ['without a word', ({ ws }) => ws.terminate()],
    ['with close frames', ({ ws }) => ws.close(1000)],
  ];

  for (const [how, go] of ways) {
    it(`${how}: it is dealt with a little in each turn, and messages of others pass in between`, async () => {
      const count = new TurnCount();
      const endedIn: number[] = [];
      const ended = (): void => {
        endedIn.push(count.turns);
        burn(LEISURE_MS);
      };
      const server = await CoreServer.start({}, { readers: [{ ended }] });
      try {
        const [one, other] = await CoreClient.pair(server, 'stays');
        const fleet: CoreClient[] = [];
        for (let at = 0; at < PAIRS; at += 1) fleet.push(...(await CoreClient.pair(server, `goes/${at}`)));
        for (const client of fleet) go(client);
        one.ws.send('meanwhile');
        expect(await other.text()).to.equal('meanwhile');
        const before = endedIn.length;
        await server.ended(2 * PAIRS);
        expect(before).to.be.below(2 * PAIRS);
        const perTurn = new Map<number, number>();
        for (const turn of endedIn) perTurn.set(turn, (perTurn.get(turn) ?? 0) + 1);
        // The end of one is the end of the other.
        expect(Math.max(...perTurn.values())).to.be.at.most(2);
      } finally {
        count.stop();
        await server.stop();
      }
    });
  }
});
