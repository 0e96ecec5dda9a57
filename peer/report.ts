import type { PeerObserver } from './connection.js';
import { mismatch } from './greeting.js';
import type { Claims } from './outgoing.js';
import type { State } from './state.js';

/** The outputs of a command. */
export interface Output {
  /** Results, for programs: standard output. */
  print(line: string): void;
  /** News, for people: standard error. */
  tell(line: string): void;
}

/**
 * Says every change of state, a line each: `paired …` on the output, the rest as news. A pair of which nothing can come, such as
 * two bridges, is no success, and is news too.
 *
 * @param url where the peers meet
 * @param own the claims of this peer
 * @param beside words that follow `paired`, such as the address of a bridge
 */
export function reporter(output: Output, url: string, own: Claims, beside: string): PeerObserver {
  return {
    state: (now) => {
      if (now.kind !== 'paired') return output.tell(newsOf(now, url));
      const problem = mismatch(own, now.other);
      if (problem === undefined) output.print(pairedLine(now, beside));
      else output.tell(`ATTENTION: the other peer (${whoIs(now)}) is ${problem}`);
    },
    fault: (error) => output.tell(`fault: ${error instanceof Error ? error.message : String(error)}`),
  };
}

type PairedState = Extract<State, { readonly kind: 'paired' }>;

/** The other peer's words are quoted as JSON: anybody may have written them. */
function whoIs({ other }: PairedState): string {
  return `peerClass=${quoted(other.peerClass)} peerId=${quoted(other.peerId)}`;
}

function pairedLine(state: PairedState, beside: string): string {
  return beside === '' ? `paired ${whoIs(state)}` : `paired ${whoIs(state)} ${beside}`;
}

function quoted(text: string): string {
  return JSON.stringify(text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' '));
}

function newsOf(state: Exclude<State, PairedState>, url: string): string {
  switch (state.kind) {
    case 'connecting':
      return `connecting to ${url}`;
    case 'waiting':
      return 'connected; waiting for the other peer';
    case 'stopped':
      return 'stopped';
    case 'backing_off': {
      const { reason, message, retry } = state.why;
      const news = `not connected: ${message} (${reason}); next try in ${(state.delay / 1000).toFixed(1)} s`;
      return retry === 'never' ? `ATTENTION: ${news}; this will not mend itself` : news;
    }
  }
}
