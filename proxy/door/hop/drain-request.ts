import type { IncomingMessage } from 'node:http';
import { HOP_HEADER } from '../../ports/hop-headers.js';
import type { DrainPlan } from '../../session/drain.js';
import { incarnationOf } from '../hop-marks.js';

/** Path of the one request between replicas that is no upgrade. Its sender drains, and asks that the peers here that came through it go. */
export const DRAIN_PATH = '/drain';

/** Largest value of each part of a plan, as the options and the control API have them. */
const MOST: Readonly<Record<keyof DrainPlan, number>> = {
  deadline: 3_600_000,
  batch: 1_000_000,
  interval: 3_600_000,
  spread: 3_600_000,
};
const PARTS = Object.keys(MOST) as readonly (keyof DrainPlan)[];

/** A replica drains: the peers that came through it are to be closed by its plan. */
export interface DrainRequest {
  readonly via: string;
  readonly plan: DrainPlan;
}

/** The request as it is sent. */
export function drainRequestText({ via, plan }: DrainRequest): string {
  const query = PARTS.map((part) => `${part}=${Math.round(plan[part])}`).join('&');
  const head = [`POST ${DRAIN_PATH}?${query} HTTP/1.1`, 'Host: replica', `${HOP_HEADER}: ${via}`];
  return `${[...head, 'Content-Length: 0', 'Connection: close'].join('\r\n')}\r\n\r\n`;
}

/** Reads such a request; undefined where it is another one, or a part is missing or beyond its bound. */
export function drainRequestIn({ method, url, headers }: IncomingMessage): DrainRequest | undefined {
  const [path, query] = (url ?? '').split('?', 2);
  const via = incarnationOf(headers[HOP_HEADER]);
  if (method !== 'POST' || path !== DRAIN_PATH || via === undefined) return undefined;
  const fields = new URLSearchParams(query);
  const plan: Partial<Record<keyof DrainPlan, number>> = {};
  for (const part of PARTS) {
    const text = fields.get(part) ?? '';
    const value = Number(text);
    if (!/^\d{1,7}$/.test(text) || value > MOST[part]) return undefined;
    plan[part] = value;
  }
  return { via, plan: plan as DrainPlan };
}
