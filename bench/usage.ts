import { readdirSync, readFileSync } from 'node:fs';

/** The use of a process, as the operating system reports it. */
export interface Usage {
  /** CPU time of all its threads since each began, nanoseconds. */
  readonly cpuNs: number;
  /** Memory that it holds, bytes (resident set). */
  readonly residentBytes: number;
}

/** Clock ticks a second in /proc/PID/stat: fixed on Linux whatever the kernel's own rate. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** Reads /proc; throws where there is no such process, or no /proc. */
export function usageOf(pid: number): Usage {
  return { cpuNs: cpuOf(pid), residentBytes: residentOf(pid) };
}

/** The use of all processes between two readings; memory is the later reading's. */
export function usedBetween(
  before: Readonly<Record<string, Usage>>,
  after: Readonly<Record<string, Usage>>,
): Record<string, Usage> {
  return Object.fromEntries(
    Object.entries(after).map(([name, { cpuNs, residentBytes }]) => [
      name,
      { cpuNs: cpuNs - (before[name]?.cpuNs ?? 0), residentBytes },
    ]),
  );
}

export function usageOfAll(pids: Readonly<Record<string, number>>): Record<string, Usage> {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, usageOf(pid)]));
}

function residentOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES;
}

/** The scheduler counts nanoseconds for each thread; a kernel without these counts hundredths of a second. */
function cpuOf(pid: number): number {
  try {
    let sum = 0;
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      sum += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'latin1').split(' ')[0]);
    }
    return sum;
  } catch {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
    return ((Number(fields[11]) + Number(fields[12])) * 1e9) / TICKS_PER_SECOND;
  }
}
