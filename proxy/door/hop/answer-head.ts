import type { Socket } from 'node:net';
import type { Clock } from '../../ports/clock.js';
import { INCARNATION_HEADER } from '../../ports/hop-headers.js';
import { incarnationOf } from '../hop-marks.js';

/**
 * The answer of a replica to an upgrade.
 * - `head`: its head has come; `bytes` are all that have.
 * - `broken`: the connection ended first.
 * - `late`: it did not come in time, or what came is no head of an answer.
 */
export type Answer =
  | { readonly t: 'head'; readonly status: number; readonly incarnation: string | undefined; readonly bytes: Buffer }
  | { readonly t: 'broken' }
  | { readonly t: 'late'; readonly detail: string };

/** Longest head of an answer, bytes: replicas write a few short headers. */
const MAX_HEAD_BYTES = 16 * 1024;
const STATUS = /^HTTP\/1\.1 (\d{3}) /;
const INCARNATION = new RegExp(`^${INCARNATION_HEADER}:[ \\t]*(.*?)[ \\t]*$`, 'im');

/** Reads the head of an answer within a time (milliseconds) and leaves the connection paused. Never rejects. */
export function readAnswer(line: Socket, time: number, clock: Clock): Promise<Answer> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const end = (answer: Answer): void => {
      cancel();
      line.off('data', take).off('end', broken).off('close', broken);
      resolve(answer);
    };
    const take = (piece: Buffer): void => {
      bytes = Buffer.concat([bytes, piece]);
      const length = bytes.indexOf('\r\n\r\n');
      if (length < 0 && bytes.length <= MAX_HEAD_BYTES) return;
      line.pause();
      end(headIn(bytes, length));
    };
    const broken = (): void => end({ t: 'broken' });
    const cancel = clock.after(time, () => end({ t: 'late', detail: `no answer within ${Math.round(time)} ms` }));
    line.on('data', take).on('end', broken).on('close', broken);
  });
}

function headIn(bytes: Buffer, length: number): Answer {
  const head = bytes.toString('latin1', 0, Math.max(0, length));
  const status = Number(STATUS.exec(head)?.[1]);
  if (Number.isNaN(status)) return { t: 'late', detail: 'what it answers is no answer of a replica' };
  return { t: 'head', status, incarnation: incarnationOf(INCARNATION.exec(head)?.[1]), bytes };
}
