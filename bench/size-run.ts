import type { Terminal } from '../admin/terminal.js';
import { jsonText } from '../proxy/wire/json-text.js';
import { measuredCosts, readCosts } from './costs.js';
import { sizeFor } from './size.js';
import type { SizeFlags } from './size-command.js';
import { sizeJson, sizeText } from './size-text.js';

/** Runs `ws-proxy size`: prints what the load needs. The exit code is 1 where the replicas that were given are too few. */
export function runSize(flags: SizeFlags, io: Terminal): void {
  const { pairs, rate, body, session, headroom, replicas, reconnectIn } = flags;
  const demand = {
    pairs,
    rate,
    bodyBytes: body,
    lifeMs: session,
    headroom,
    ...(replicas === undefined ? {} : { replicas }),
    ...(reconnectIn === undefined ? {} : { reconnectMs: reconnectIn }),
  };
  const size = sizeFor(demand, flags.costs === undefined ? measuredCosts : readCosts(flags.costs));
  io.out(flags.output === 'json' ? `${jsonText(sizeJson(size), 2)}\n` : sizeText(size));
  if (size.service.cores < size.replicasNeeded) process.exitCode = 1;
}
