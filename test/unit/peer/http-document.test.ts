import { expect } from 'chai';
import { sources, textOf } from '../../support/sources.js';

/** A reason in the code: a member of a union of reasons, or an argument of an answer. */
const NAMED = [
  /^ {2}\| '([a-z_]+)'/gm,
  /errorResponse\(\s*\d+,\s*'([a-z_]+)'/g,
  /\bstatus: \d+,\s*reason: '([a-z_]+)'/g,
  /\brefusal\('([a-z_]+)'/g,
];
/** The code has only the ends of the reasons for the API's faults. */
const OF_UPSTREAM = 'peer/upstream-failure.ts';
const OF_CALLER = [
  'peer/bridge.ts',
  'peer/bridge-guard.ts',
  'peer/bridge-refusal.ts',
  'peer/request-failure.ts',
  'peer/responder.ts',
  'peer/channel.ts',
  'peer/gateway.ts',
];

describe('docs/http.md', () => {
  it('has each reason for which a bridge and a gateway answer themselves, once, and no other', () => {
    const upstream = named(textOf(OF_UPSTREAM)).map((reason) => `upstream_${reason}`);
    const files = sources('peer').filter(({ path }) => OF_CALLER.includes(path));
    expect(files).to.have.length(OF_CALLER.length);
    const known = new Set([...upstream, ...files.flatMap(({ text }) => named(text))]);
    const text = textOf('docs/http.md');
    const stated = [...text.matchAll(/^\| (`[a-z_`, ]+`) \| \d{3} \|/gm)].flatMap(([, cell = '']) =>
      cell.split(', ').map((reason) => reason.replaceAll('`', '')),
    );
    expect(stated.toSorted()).to.deep.equal([...known].toSorted());
  });
});

function named(text: string): string[] {
  return NAMED.flatMap((pattern) => [...text.matchAll(pattern)].map(([, reason = '']) => reason));
}
