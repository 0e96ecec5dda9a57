import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Spread } from './judge/measure.js';
import type { Unable } from './pool.js';
import { seconds, slowedOf, timesOf } from './report.js';
import type { SceneResult } from './scene.js';
import type { Fault } from './table/fault.js';

/** What a table has to know of a fault, of whatever stage. */
type Row = Pick<Fault, 'name' | 'bounds'>;
type Outcome = SceneResult<Row> | Unable<Row>;

/** A table of faults in a document, and how a row of it is made. */
export interface FaultTable {
  readonly path: string;
  /** Whose faults: by this its marks in the document are known. */
  readonly of: string;
  readonly heads: readonly string[];
  readonly row: (outcome: Outcome) => readonly string[];
}

const FIGURES = ['fault', 'what peers saw', 'back after', 'at most', 'told after', 'at most', 'calls'];
const UNANSWERED = ['not answered', 'at most'];

/** What each peer sees, for whoever has no time. */
const brief: FaultTable = {
  path: 'README.md',
  of: 'faults',
  heads: ['fault', 'what a peer sees', 'back after'],
  row: ({ fault, ...rest }) =>
    'unable' in rest
      ? [fault.name, '', notHere]
      : [fault.name, `${wordsOf(rest)}${slowingOf(fault, rest)}`, backOf(rest)],
};

/** All that was measured. */
const full: FaultTable = {
  path: 'docs/faults.md',
  of: 'faults',
  heads: [...FIGURES, ...UNANSWERED],
  row: ({ fault, ...rest }) => {
    const { recovery, told, callsEnded } = fault.bounds;
    const slowing = 'unable' in rest ? '' : slowingOf(fault, rest);
    if ('unable' in rest) return [fault.name, notHere, '', bound(recovery), '', bound(told), '', '', count(callsEnded)];
    const { calls, told: after } = rest.measured;
    const back = [backOf(rest), bound(recovery), timesOf(after), bound(told)];
    const ofOurs = fault.bounds.callsEndedOfOurs === undefined ? '' : `, of our peers ${calls.endedOfPatient}`;
    const ended = `${count(calls.ended)}${ofOurs}`;
    return [fault.name, `${countsOf(rest)}${slowing}`, ...back, count(calls.made), ended, count(callsEnded)];
  },
};

/** A table of that form in a document, and what the fault itself found out. */
function withNotes(table: FaultTable, path: string, of: string): FaultTable {
  return {
    path,
    of,
    heads: [...table.heads, 'besides'],
    row: (outcome) => [...table.row(outcome), 'unable' in outcome ? '' : outcome.notes.join('; ')],
  };
}

/** All that was measured, beside that of one service, and what each peer sees, where several replicas are described. */
function tablesWithNotes(of: string): readonly FaultTable[] {
  return [withNotes(full, full.path, of), withNotes(brief, 'docs/fleet.md', of)];
}

/** The tables of the faults of one service, of a fleet, and of `npm run start:fleet`. */
export const serviceTables: readonly FaultTable[] = [brief, full];
export const fleetTables = tablesWithNotes('faults of a fleet');
export const startedTables = tablesWithNotes('faults of npm run start:fleet');

type Played = Omit<Extract<Outcome, { readonly measured: unknown }>, 'fault'>;

const notHere = 'not on the machine that measured';
const notYet = 'not measured yet';

/** Puts what was measured into the documents that have these tables. */
export function writeFaults(
  tables: readonly FaultTable[],
  outcomes: readonly Outcome[],
  all: readonly Row[],
  root: string,
): void {
  for (const table of tables) {
    const file = join(root, table.path);
    writeFileSync(file, withFaults(table, readFileSync(file, 'utf8'), outcomes, all));
  }
}

/**
 * Puts the rows of these outcomes into the table of a document, which then has a row for each of all faults: one that was not played keeps
 * what was measured before. Throws where the document has no place for the table.
 */
export function withFaults(table: FaultTable, text: string, outcomes: readonly Outcome[], all: readonly Row[]): string {
  const { heads, row } = table;
  const measured = new Map(outcomes.map((outcome) => [outcome.fault.name, row(outcome)]));
  const before = new Map(rowsIn(table, text).map((cells) => [cells[0], cells]));
  const rows = all.map((fault) => measured.get(fault.name) ?? keptRow(table, fault, before.get(fault.name)));
  const lines = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.map(inCell).join(' | ')} |`);
  const around = split(table, text);
  const { begin, end } = marksOf(table);
  return `${around.before}${begin}\n\n${lines.join('\n')}\n\n${end}${around.after}`;
}

function keptRow(table: FaultTable, fault: Row, before: readonly string[] | undefined): readonly string[] {
  const cells = before ?? table.row({ fault, unable: '' }).map((cell) => cell.replace(notHere, notYet));
  const fixed = fixedCells(table, fault);
  return cells.map((cell, at) => fixed.get(at) ?? cell);
}

/** The rows of a document's table: cells without white space around them. */
export function rowsIn(table: FaultTable, text: string): readonly (readonly string[])[] {
  const { within } = split(table, text);
  const rows = within.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** The cells of a row that follow from the code alone, by their place. */
export function fixedCells({ heads, row }: FaultTable, fault: Row): ReadonlyMap<number, string> {
  const cells = row({ fault, unable: '' });
  return new Map(heads.flatMap((head, at) => (/fault|at most/.test(head) ? [[at, cells[at] ?? '']] : [])));
}

function inCell(text: string): string {
  return text.replaceAll('|', '/');
}

function marksOf({ of }: FaultTable): { readonly begin: string; readonly end: string } {
  return { begin: `<!-- ${of}: written by npm run test:faults -->`, end: `<!-- end of ${of} -->` };
}

function split(table: FaultTable, text: string) {
  const { begin, end } = marksOf(table);
  const [before, rest] = text.split(begin);
  const [within, after] = rest?.split(end) ?? [];
  if (before === undefined || within === undefined || after === undefined) {
    throw new Error(`${table.path} has no place for the table: the marks ${begin} and ${end}`);
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
function slowingOf({ bounds }: Row, { measured, notes }: Played): string {
  if (bounds.slowed === undefined) return '';
  return [`; 99 of 100 calls: ${slowedOf(measured)}`, ...notes].join('; ');
}

function bound(ms: Spread['worst'] | undefined): string {
  return ms === undefined ? '' : `${ms / 1000} s`;
}

function count(number: number | undefined): string {
  return number === undefined ? '' : number.toLocaleString('en-US');
}
