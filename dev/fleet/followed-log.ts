import { statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { humanLine } from '../../proxy/telemetry/logs/human.js';

/** Milliseconds between two looks at a log. */
const LOOK_EVERY_MS = 250;
/** Bytes of a log that are read at one time; what a part writes faster than that is not shown. */
const MOST_BYTES = 256 * 1024;
/** Lines of a log that are shown in one look. */
const MOST_LINES = 5;

export interface FollowedLog {
  readonly path: string;
  isTold(line: string): boolean;
  tell(line: string): void;
}

/** Tells what comes into a log from now on, as far as it is worth telling, until the function returned is called. */
export function followLog(log: FollowedLog): () => Promise<void> {
  let at = statSync(log.path, { throwIfNoEntry: false })?.size ?? 0;
  let rest = '';
  let looking = Promise.resolve();
  const look = async (): Promise<void> => {
    const handle = await open(log.path).catch(() => undefined);
    if (handle === undefined) return;
    try {
      const { text, end } = await readFrom(handle, at);
      at = end;
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      const told = lines.filter((line) => log.isTold(line));
      for (const line of told.slice(0, MOST_LINES)) log.tell(humanLine(line, false));
      if (told.length > MOST_LINES) log.tell(`… and ${told.length - MOST_LINES} more such lines: ${log.path}`);
    } finally {
      await handle.close();
    }
  };
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, LOOK_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await looking.then(look);
  };
}

async function readFrom(handle: FileHandle, at: number): Promise<{ readonly text: string; readonly end: number }> {
  const { size } = await handle.stat();
  const begin = Math.max(at, size - MOST_BYTES);
  if (size <= begin) return { text: '', end: size };
  const buffer = Buffer.alloc(size - begin);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, begin);
  return { text: buffer.toString('utf8', 0, bytesRead), end: begin + bytesRead };
}
