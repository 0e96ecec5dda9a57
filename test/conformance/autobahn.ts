import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Scratch } from '../support/scratch.js';
import { tell } from '../support/tools.js';

/** The fuzzing client's verdict on one case. */
export interface CaseVerdict {
  readonly id: string;
  /** Of the messages, and of how the connection was closed. */
  readonly behavior: string;
  readonly close: string;
}

/** Cases that run at one time; each waits more than it works. */
const AT_ONCE = 4;

/** Runs the Autobahn cases against a server on loopback. Rejects when the client says nothing that can be read. */
export async function runAutobahn(port: number, only: readonly string[] = []): Promise<readonly CaseVerdict[]> {
  const scratch = new Scratch();
  try {
    const out = scratch.path('reports');
    const chosen = only.flatMap((one) => ['--include', one]);
    const args = ['--mode', 'fuzzingclient', '--parallelism', String(AT_ONCE), '--outdir', out, ...chosen];
    const { output } = await tell('kosoku', [...args, `127.0.0.1:${port}`], { cwd: scratch.directory });
    return verdictsIn(join(out, 'index.json'), output);
  } finally {
    scratch.remove();
  }
}

function verdictsIn(path: string, said: string): readonly CaseVerdict[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`the fuzzing client wrote no report: ${said}`);
  }
  const agents = Object.values(JSON.parse(text) as Record<string, Record<string, Record<string, string>>>);
  return agents.flatMap((cases) =>
    Object.entries(cases).map(([id, { behavior = '', behaviorClose = '' }]) => ({
      id,
      behavior,
      close: behaviorClose,
    })),
  );
}
