import { expect } from 'chai';
import { type Ground, Pool } from '../../faults/pool.js';

interface Row {
  readonly name: string;
  readonly form: 'short';
  readonly bounds: { readonly recovery: number };
}

interface Result {
  readonly wrong: readonly string[];
  readonly late: readonly string[];
  readonly notes: readonly string[];
}

const good: Result = { wrong: [], late: [], notes: ['a note'] };
const row = (name: string): Row => ({ name, form: 'short', bounds: { recovery: 1 } });

/** Plays rows of these names with these results, one after the other for each; tells how often each was played. */
function poolOf(results: Readonly<Record<string, readonly Result[]>>) {
  const played: string[] = [];
  let closed = 0;
  let started = 0;
  const ground: Ground<Row, { readonly parts: []; close(): Promise<void> }, Result> = {
    workers: 2,
    start: () => {
      started += 1;
      return Promise.resolve({
        parts: [],
        close: () => {
          closed += 1;
          return Promise.resolve();
        },
      });
    },
    play: ({ name }) => {
      const at = played.filter((one) => one === name).length;
      played.push(name);
      const result = results[name]?.[at];
      return result === undefined ? Promise.reject(new Error(`${name} fell over`)) : Promise.resolve(result);
    },
  };
  const pool = new Pool(Object.keys(results).map(row), ground);
  return { pool, played, left: () => started - closed };
}

describe('the pool of faults', () => {
  it('plays a fault whose time was over its bound once more when all others are done, and says so', async () => {
    const slow = { ...good, late: ['a pair was back after 9 ms'] };
    const { pool, played, left } = poolOf({ slow: [slow, good], other: [good], third: [good] });

    const outcome = await pool.outcomeOf(row('slow'));

    expect(outcome).to.deep.include({
      wrong: [],
      notes: ['a note', 'played again by itself; at first a pair was back after 9 ms'],
    });
    expect(played).to.deep.equal(['slow', 'other', 'third', 'slow']);
    await pool.stop();
    expect(left()).to.equal(0);
  });

  it('takes a time that is over its bound a second time for wrong', async () => {
    const slow = { ...good, late: ['a peer was told late'] };
    const { pool } = poolOf({ slow: [slow, slow] });

    expect(await pool.outcomeOf(row('slow'))).to.deep.include({ wrong: ['a peer was told late'] });
    await pool.stop();
  });

  it('gives nothing that was wrong a second try, whatever was late besides', async () => {
    const broken = { ...good, wrong: ['a message crossed'], late: ['and it was late'] };
    const { pool, played } = poolOf({ broken: [broken, good], fell: [] });

    expect(await pool.outcomeOf(row('broken'))).to.deep.include({ wrong: ['a message crossed'] });
    expect(await pool.outcomeOf(row('fell')).catch((error: Error) => String(error.cause))).to.include('fell over');
    await pool.stop();
    expect(played).to.deep.equal(['broken', 'fell']);
  });
});
