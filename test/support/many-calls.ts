import type { WebSocket } from 'ws';
import { request, response } from './pair.js';

/** Requests on their way at one time. */
const IN_FLIGHT = 64;

let lastId = 0;

/** Makes that many calls from one peer to the other, each answered with 200; resolves with the time of each, milliseconds. */
export function manyCalls(manager: WebSocket, gateway: WebSocket, count: number): Promise<number[]> {
  const first = lastId + 1;
  const end = first + count;
  lastId = end;
  const sent = new Map<number, number>();
  const times: number[] = [];
  return new Promise((resolve) => {
    let next = first;
    const send = (): void => {
      if (next >= end) return;
      sent.set(next, performance.now());
      manager.send(request(next));
      next += 1;
    };
    const answer = (data: Buffer): void => gateway.send(response(idIn(data, 'messageId')));
    const take = (data: Buffer): void => {
      times.push(performance.now() - (sent.get(idIn(data, 'inResponseTo')) ?? Number.NaN));
      send();
      if (times.length < count) return;
      gateway.off('message', answer);
      manager.off('message', take);
      resolve(times);
    };
    gateway.on('message', answer);
    manager.on('message', take);
    for (let started = 0; started < IN_FLIGHT; started += 1) send();
  });
}

function idIn(data: Buffer, member: 'messageId' | 'inResponseTo'): number {
  const { message } = JSON.parse(data.toString()) as { message: Record<string, number> };
  return message[member] ?? Number.NaN;
}
