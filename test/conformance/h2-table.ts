import type { H2Case } from './h2spec.js';

/** Cases of h2spec that fail, and why they may. */
export interface Lenient {
  readonly cases: readonly string[];
  readonly why: string;
}

/** Every case that fails. Envoy by its own defaults fails each of them too; what is not here fails the run. */
export const lenient: readonly Lenient[] = [
  {
    cases: ['generic/3.8/1', 'http2/7/1'],
    why: 'Behind the client’s GOAWAY Envoy answers no PING and leaves it to the client to hang up, or to the idle timeout.',
  },
  {
    cases: ['http2/5.1/8', 'http2/5.1/9', 'http2/5.1/11', 'http2/5.1/12'],
    why: 'What comes late on a stream that was reset or closed is dropped, not answered with an error: the other side may have sent it before it knew.',
  },
  {
    cases: ['http2/5.1.1/2'],
    why: 'A request on a lower stream than the last counts as one on a closed stream: it is dropped, and the connection goes on.',
  },
  {
    cases: ['http2/5.3.1/2', 'http2/6.3/1'],
    why: 'PRIORITY frames are not read at all: RFC 9113 has dropped what they were for.',
  },
  {
    cases: ['http2/5.4.1/2', 'http2/6.9.1/2', 'http2/6.9.1/3'],
    why: 'The connection is cut off without the GOAWAY or RST_STREAM that would name the error. The RFC’s remedy is the same: the connection ends.',
  },
];

/** The cases that failed and are in no row, by id and title; and the rows of which nothing failed. */
export function unexplained(cases: readonly H2Case[]): {
  readonly failed: readonly H2Case[];
  readonly idle: readonly Lenient[];
} {
  const known = new Set(lenient.flatMap((row) => row.cases));
  const failing = new Set(cases.filter(({ passed }) => !passed).map(({ id }) => id));
  return {
    failed: cases.filter(({ id, passed }) => !passed && !known.has(id)),
    idle: lenient.filter((row) => !row.cases.some((id) => failing.has(id))),
  };
}
