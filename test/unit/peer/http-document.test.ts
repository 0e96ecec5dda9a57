import { expect } from 'chai';
import { sources, textOf } from '../../support/sources.js';

/** A reason in the code: a member of a union of reasons, or an argument of an answer. */
const NAMED = [
  /^ {2}\| '([a-z_]+)'/gm,
  /errorResponse\(\s*\d+,\s*'([a-z_]+)'/g,
  /\bstatus: \d+,\s*reason: '([a-z_]+)'/g,
  /\brefusal\(\s*'([a-z_]+)'/g,
];
/** A reason in the code beside its status. */
const WITH_STATUS = [/errorResponse\(\s*(\d+),\s*'([a-z_]+)'/g, /\bstatus: (\d+),\s*reason: '([a-z_]+)'/g];
/** The code has only the ends of the reasons for the API's faults. */
const OF_UPSTREAM = 'peer/upstream-failure.ts';
const OF_CALLER = [
  'peer/bridge.ts',
  'peer/bridge-call.ts',
  'peer/bridge-guard.ts',
  'peer/bridge-refusal.ts',
  'peer/many/list-guard.ts',
  'peer/many/many-refusal.ts',
  'peer/request-failure.ts',
  'peer/responder.ts',
  'peer/channel.ts',
  'peer/gateway.ts',
];

describe('docs/http.md', () => {
  it('has each reason for which a bridge and a gateway answer themselves, and no other', () => {
    const upstream = named(textOf(OF_UPSTREAM)).map((reason) => `upstream_${reason}`);
    const files = sources('peer').filter(({ path }) => OF_CALLER.includes(path));
    expect(files).to.have.length(OF_CALLER.length);
    const known = new Set([...upstream, ...files.flatMap(({ text }) => named(text))]);
    const rows = statedRows();
    expect(new Set(rows).size).to.equal(rows.length);
    const stated = new Set(rows.map((row) => row.split(' ')[1]));
    expect([...stated].toSorted()).to.deep.equal([...known].toSorted());
  });

  it('has each reason with every status that goes with it', () => {
    const files = sources('peer').filter(({ path }) => OF_CALLER.includes(path));
    const answers = files.flatMap(({ text }) =>
      WITH_STATUS.flatMap((pattern) => [...text.matchAll(pattern)].map(([, status, reason]) => `${status} ${reason}`)),
    );
    expect(answers).to.include.members(['501 not_served', '502 not_served']);
    const rows = statedRows();
    expect(answers.filter((answer) => !rows.includes(answer))).to.deep.equal([]);
  });

  it('is about answers that name no flag: they come from the library too, and callers know of neither', () => {
    const files = sources('peer').filter(({ path }) => [...OF_CALLER, OF_UPSTREAM].includes(path));
    const naming = files.flatMap(({ path, text }) =>
      text
        .split('\n')
        .filter((line) => /(['`]).*--[a-z].*\1/.test(line) && !/^\s*(?:\/?\*|\/\/)/.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
    expect(naming).to.deep.equal([]);
  });
});

/** The rows of the table, `STATUS REASON` each. */
function statedRows(): string[] {
  return [...textOf('docs/http.md').matchAll(/^\| (`[a-z_`, ]+`) \| (\d{3}) \|/gm)].flatMap(([, cell = '', status]) =>
    cell.split(', ').map((reason) => `${status} ${reason.replaceAll('`', '')}`),
  );
}

function named(text: string): string[] {
  return NAMED.flatMap((pattern) => [...text.matchAll(pattern)].map(([, reason = '']) => reason));
}
