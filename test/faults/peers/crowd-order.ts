import type { SeatPlan, SeatWorld } from './seat.js';

/** What a crowd is told, a JSON text a line on its standard input. Each order is answered by one `done`. */
export type CrowdOrder =
  /** Makes these peers, each of which dials at once and sends every `everyMs` milliseconds (0: nothing) while it is paired. */
  | { readonly t: 'begin'; readonly world: SeatWorld; readonly seats: readonly SeatPlan[]; readonly everyMs: number }
  /** Has Envoy itself refuse a dial of each of these peers, all at once: nothing but the handshakes. */
  | { readonly t: 'knock'; readonly world: SeatWorld; readonly seats: readonly SeatPlan[] }
  /** Sends nothing new, and on every pair a last event, again after each reconnection. */
  | { readonly t: 'settle' }
  /** Sends nothing more, and saves the history to a file. */
  | { readonly t: 'save'; readonly file: string }
  /** Ends all peers. */
  | { readonly t: 'leave' }
  /** Drops the connection of every seat in the share of seats, counted by meetup: `share` 2 is every second one. */
  | { readonly t: 'reset'; readonly share: number }
  | { readonly t: 'stall'; readonly isStalled: boolean; readonly share: number };

/** What a crowd says, a JSON text a line on its standard output. */
export type CrowdWord = { readonly t: 'done' } | ({ readonly t: 'status' } & CrowdStatus);

/** How the peers of a crowd are. */
export interface CrowdStatus {
  readonly paired: number;
  readonly settled: number;
  /** Connections and dials that ended. */
  readonly losses: number;
  /** Answers that came. */
  readonly answered: number;
}
