import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { waitFor } from '../../dev/wait.js';

/** A process of a run. */
export interface RunProcess {
  readonly pid: number;
  /** Name of the file that it executes: Node calls its processes otherwise from version to version. */
  readonly file: string;
  readonly command: string;
  readonly parent: number;
  readonly group: number;
}

/** Milliseconds for processes to end by themselves on a busy machine. */
const GO_MS = 15_000;

/** All processes whose environment has this variable with this value; every run gets a value of its own. */
export function processesWith(name: string, value: string): RunProcess[] {
  const ids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  return ids.flatMap((id) => {
    const found = look(Number(id), `${name}=${value}`);
    return found === undefined ? [] : [found];
  });
}

/** Resolves when no process of the run in that directory is left; rejects with the processes that stay. */
export async function noneLeft(runDir: string): Promise<void> {
  const left = (): RunProcess[] => processesWith('WS_PROXY_RUN_DIR', runDir);
  const gone = async (): Promise<true | undefined> => left().length === 0 || undefined;
  await waitFor('a run did not end', GO_MS, new AbortController().signal, gone).catch((error: Error) => {
    throw new Error(
      `${error.message}:\n${left()
        .map(({ pid, command }) => `${pid} ${command}`)
        .join('\n')}`,
    );
  });
}

/** The process of `npm start`'s script itself, and not of a command of that run. */
export function supervisorOf(runDir: string): RunProcess {
  const found = processesWith('WS_PROXY_RUN_DIR', runDir).filter(({ command }) =>
    /^\S*node scripts\/start\.mjs/.test(command),
  );
  const [supervisor] = found;
  if (supervisor === undefined) throw new Error(`no supervisor in ${runDir}`);
  return supervisor;
}

/** Undefined for a process that has ended, even before its parent has waited for it. */
function look(pid: number, variable: string): RunProcess | undefined {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    if (!environment.includes(variable)) return undefined;
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return {
      pid,
      file: basename(readlinkSync(`/proc/${pid}/exe`)),
      command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim(),
      parent: Number(fields[1]),
      group: Number(fields[2]),
    };
  } catch {
    return undefined;
  }
}
