import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { EXIT } from '../../../admin/exit-codes.js';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../../../proxy/control/calls/list-page.js';
import { TAP_RATE } from '../../../proxy/control/calls/tap.js';
import { CONTROL_LIMITS } from '../../../proxy/control/limits.js';
import { CONTROL_RIGHTS } from '../../../proxy/control/rpc/rights.js';
import { MAX_BLOCKS } from '../../../proxy/policy/limits/blocks.js';

const root = new URL('../../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const document = read('docs/control.md');
const contract = read('proto/micronets/wsproxy/control/v1/control_service.proto');

/** Cells of the table rows that begin with the text. */
function rows(begin: RegExp): string[][] {
  const lines = document.split('\n').filter((line) => begin.test(line));
  return lines.map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));
}

describe('docs/control.md', () => {
  it('names each call with its right', () => {
    const told = rows(/^\| `[A-Z][a-z]+[A-Z]\w+` +\| `(viewer|operator|admin)`/).map(([, call, right]) => [
      call,
      right,
    ]);
    expect(Object.fromEntries(told)).to.deep.equal(CONTROL_RIGHTS);
  });

  it('names each call with its HTTP spelling', () => {
    for (const [, call, , http] of rows(/^\| `[A-Z][a-z]+[A-Z]\w+` +\| `(viewer|operator|admin)`/)) {
      const [verb = '', path = ''] = http?.split(' ') ?? [];
      const from = contract.slice(contract.indexOf(`rpc ${call}(`));
      expect(from.slice(0, from.indexOf('\n  }')), call).to.contain(`${verb.toLowerCase()}: "${path}"`);
    }
  });

  it('says of each call in the contract which right it needs', () => {
    const told = [...contract.matchAll(/[Nn]eeds (viewer|operator|admin)[^\n]*\n {2}rpc (\w+)\(/g)];
    expect(Object.fromEntries(told.map(([, right, call]) => [call, right]))).to.deep.equal(CONTROL_RIGHTS);
  });

  it('names each reason of a failure', () => {
    const source = read('proxy/control/rpc/fault.ts');
    const type = source.slice(
      source.indexOf('export type Reason'),
      source.indexOf(';', source.indexOf('export type Reason')),
    );
    const reasons = [...type.matchAll(/'([A-Z_]+)'/g)].map(([, reason]) => reason);
    const told = rows(/^\| `[A-Z]+_?[A-Z_]*`.*\| `[A-Z_]+` +\|$/).flatMap(([, cell]) => cell?.split(', ') ?? []);
    expect(told).to.have.members(reasons);
  });

  it('names each exit code', () => {
    expect(rows(/^\| \d /).map(([, code]) => Number(code))).to.have.members(Object.values(EXIT));
  });

  it('tells the bounds that the code has', () => {
    const { watchers, watchersOfOne, taps, tapsOfOne, stallTime, changes } = CONTROL_LIMITS;
    for (const text of [
      `${DEFAULT_PAGE_SIZE} sessions unless asked for otherwise, ${MAX_PAGE_SIZE} at most`,
      `| ${watchers}, of one certificate ${watchersOfOne}; ended when nothing is taken for ${stallTime / 1000} s`,
      `| ${taps}, of one certificate ${tapsOfOne}; an hour; ${TAP_RATE} messages a second`,
      `the last ${changes} changes`,
      `| ${MAX_BLOCKS} `,
      `| ${CONTROL_LIMITS.requestBytes / 1024} KiB (64 KiB as JSON)`,
      `| ${CONTROL_LIMITS.callsOfConnection} `,
    ]) {
      expect(document).to.contain(text);
    }
  });
});
