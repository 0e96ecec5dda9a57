import type { Spread } from './judge/measure.js';
import { seconds, slowedOf, timesOf } from './report.js';
import type { Outcome } from './scene.js';
import type { Fault } from './table/fault.js';

const BEGIN = '<!-- faults: written by npm run test:faults -->';
const END = '<!-- end of faults -->';

/** The documents that have a table of faults, and how a row of it is made. */
export const faultDocuments: Readonly<Record<string, FaultTable>> = {
  'README.md': {
    heads: ['fault', 'what a peer sees', 'back after'],
    row: ({ fault, ...rest }) =>
      'unable' in rest
        ? [fault.name, '', notHere]
        : [fault.name, `${wordsOf(rest)}${slowingOf(fault, rest)}`, backOf(rest)],
  },
  'docs/faults.md': {
    heads: [
      'fault',
      'what peers saw',
      'back after',
      'at most',
      'told after',
      'at most',
      'calls',
      'not answered',
      'at most',
    ],
    row: ({ fault, ...rest }) => {
      const { recovery, told, callsEnded } = fault.bounds;
      const slowing = 'unable' in rest ? '' : slowingOf(fault, rest);
      if ('unable' in rest)
        return [fault.name, notHere, '', bound(recovery), '', bound(told), '', '', count(callsEnded)];
      const { calls, told: after } = rest.measured;
      const back = [backOf(rest), bound(recovery), timesOf(after), bound(told)];
      const ofOurs = fault.bounds.callsEndedOfOurs === undefined ? '' : `, of our peers ${calls.endedOfPatient}`;
      const ended = `${count(calls.ended)}${ofOurs}`;
      return [fault.name, `${countsOf(rest)}${slowing}`, ...back, count(calls.made), ended, count(callsEnded)];
    },
  },
};

interface FaultTable {
  readonly heads: readonly string[];
  readonly row: (outcome: Outcome) => readonly string[];
}

type Played = Omit<Extract<Outcome, { readonly measured: unknown }>, 'fault'>;

const notHere = 'not on the machine that measured';
const notYet = 'not measured yet';

/**
 * Puts the rows of these outcomes into the table of a document, which then has a row for each of all faults: one that was not played keeps
 * what was measured before. Throws where the document has no place for a table.
 */
export function withFaults(path: string, text: string, outcomes: readonly Outcome[], all: readonly Fault[]): string {
  const { heads, row } = tableOf(path);
  const measured = new Map(outcomes.map((outcome) => [outcome.fault.name, row(outcome)]));
  const before = new Map(rowsIn(path, text).map((cells) => [cells[0], cells]));
  const rows = all.map((fault) => measured.get(fault.name) ?? keptRow(path, fault, before.get(fault.name)));
  const lines = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.map(inCell).join(' | ')} |`);
  const around = split(path, text);
  return `${around.before}${BEGIN}\n\n${lines.join('\n')}\n\n${END}${around.after}`;
}

function keptRow(path: string, fault: Fault, before: readonly string[] | undefined): readonly string[] {
  const cells =
    before ??
    tableOf(path)
      .row({ fault, unable: '' })
      .map((cell) => cell.replace(notHere, notYet));
  const fixed = fixedCells(path, fault);
  return cells.map((cell, at) => fixed.get(at) ?? cell);
}

/** The rows of a document's table: cells without white space around them. */
export function rowsIn(path: string, text: string): readonly (readonly string[])[] {
  const { within } = split(path, text);
  const rows = within.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** The cells of a row that follow from the code alone, by their place. */
export function fixedCells(path: string, fault: Fault): ReadonlyMap<number, string> {
  const cells = tableOf(path).row({ fault, unable: '' });
  return new Map(
    tableOf(path).heads.flatMap((head, at) => (/fault|at most/.test(head) ? [[at, cells[at] ?? '']] : [])),
  );
}

function inCell(text: string): string {
  return text.replaceAll('|', '/');
}

function tableOf(path: string): FaultTable {
  const table = faultDocuments[path];
  if (table === undefined) throw new Error(`${path} has no table of faults`);
  return table;
}

function split(path: string, text: string) {
  const [before, rest] = text.split(BEGIN);
  const [within, after] = rest?.split(END) ?? [];
  if (before === undefined || within === undefined || after === undefined) {
    throw new Error(`${path} has no place for the table: the marks ${BEGIN} and ${END}`);
  }
  return { before, within, after };
}

/** What was seen, most often first, without numbers: these differ from run to run. */
function wordsOf({ measured: { seen } }: Played): string {
  const words = Object.entries(seen).toSorted(([, one], [, other]) => other - one);
  return words.length === 0 ? 'nothing' : words.map(([word]) => word).join('; ');
}

function countsOf({ measured: { seen, pairs } }: Played): string {
  const words = Object.entries(seen).toSorted(([, one], [, other]) => other - one);
  const told = words.map(([word, times]) => `${count(times)} × ${word}`).join('; ');
  return `${count(pairs)} pairs: ${told === '' ? 'nothing' : told}`;
}

function backOf({ measured: { recovery }, handshakes }: Played): string {
  return `${timesOf(recovery)}${handshakes === undefined ? '' : `, handshakes alone ${seconds(handshakes)} s`}`;
}

/** What those felt who talked beside the fault, where it has a bound for that. */
function slowingOf({ bounds }: Fault, { measured, notes }: Played): string {
  if (bounds.slowed === undefined) return '';
  return [`; 99 of 100 calls: ${slowedOf(measured)}`, ...notes].join('; ');
}

function bound(ms: Spread['worst'] | undefined): string {
  return ms === undefined ? '' : `${ms / 1000} s`;
}

function count(number: number | undefined): string {
  return number === undefined ? '' : number.toLocaleString('en-US');
}
