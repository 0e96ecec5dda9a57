import type { CaseVerdict } from './autobahn.js';

/** A verdict other than `OK`, in which cases it may stand, and why that is right. */
export interface Explained {
  /** Ids of cases, or `12.*` for all below. */
  readonly cases: readonly string[];
  /** As the fuzzing client writes it: of the messages, and of how the connection was closed. */
  readonly behavior: string;
  readonly close: string;
  /** Whether the cases are `OK` at times: who wins is left to the order in which two connections are served. */
  readonly mayBeOk: boolean;
  readonly why: string;
}

/** Every verdict that is not `OK`. What is not here fails the run. */
export const explained: readonly Explained[] = [
  {
    cases: ['6.4.1', '6.4.2', '6.4.3', '6.4.4'],
    behavior: 'NON-STRICT',
    close: 'OK',
    mayBeOk: false,
    why: 'Text that is no UTF-8 ends the connection with 1007 when its message is whole, not in the middle of it: RFC 6455 §8.1 asks for no more, and messages are passed on whole.',
  },
  {
    cases: ['3.2', '3.3', '3.4', '4.1.3', '4.1.4', '4.1.5', '4.2.3', '4.2.4', '4.2.5', '5.15'],
    behavior: 'NON-STRICT',
    close: 'OK',
    mayBeOk: true,
    why: 'A good message and one that breaks the protocol come in one piece. The good one is passed on, but its echo is another connection’s, and the fault ends this one with 1002 before it is back.',
  },
  {
    cases: ['7.1.6', '7.13.1', '7.13.2'],
    behavior: 'INFORMATIONAL',
    close: 'INFORMATIONAL',
    mayBeOk: false,
    why: 'The case has no right answer (a close behind messages of 256 KiB, codes that the RFC leaves undefined); the client only shows what came.',
  },
  {
    cases: ['12.*', '13.*'],
    behavior: 'UNIMPLEMENTED',
    close: 'OK',
    mayBeOk: false,
    why: 'permessage-deflate is declined, on purpose: no deployed peer asks for it, compression beside a secret leaks its length, and a bomb of it costs memory.',
  },
];

/** The differences between the run and the table; empty when they agree. */
export function disagreements(verdicts: readonly CaseVerdict[]): readonly string[] {
  const used = new Set<Explained>();
  const wrong = verdicts.flatMap((verdict) => {
    const row = explained.find(({ cases }) => cases.some((pattern) => fits(verdict.id, pattern)));
    if (row !== undefined) used.add(row);
    const isOk = verdict.behavior === 'OK' && verdict.close === 'OK';
    if (isOk && (row === undefined || row.mayBeOk)) return [];
    if (row !== undefined && row.behavior === verdict.behavior && row.close === verdict.close) return [];
    return [`case ${verdict.id}: ${verdict.behavior}, closing ${verdict.close}`];
  });
  const idle = explained.filter((row) => !used.has(row));
  return [...wrong, ...idle.map(({ cases }) => `no case of ${cases.join(' ')} ran`)];
}

function fits(id: string, pattern: string): boolean {
  return pattern.endsWith('.*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern;
}
