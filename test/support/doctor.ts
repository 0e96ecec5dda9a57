import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Command } from 'commander';
import type { Terminal } from '../../admin/terminal.js';
import { register } from '../../doctor/command.js';
// Loaded before a test begins: a library in it sets globals, which mocha would take for a test's leak.
import '../../doctor/doctor-run.js';
import type { IssuedCertificate } from './raw-authority.js';
import type { Scratch } from './scratch.js';

const BIN = fileURLToPath(new URL('../../../bin/ws-proxy.js', import.meta.url));

/** A finding in JSON. */
export interface Found {
  readonly id: string;
  readonly status: 'ok' | 'warning' | 'fault' | 'not_checked';
  readonly what: string;
  readonly why?: string;
  readonly do?: string;
}

/** How an examination ended. */
export interface Examined {
  readonly code: number;
  readonly findings: ReadonlyMap<string, Found>;
  /** Ids of the findings of that status, in order. */
  of(status: Found['status']): readonly string[];
}

/** Runs `ws-proxy doctor -o json` in this process, with these variables and no other. */
export async function doctor(args: readonly string[], variables: Record<string, string> = {}): Promise<Examined> {
  const told: string[] = [];
  const io: Terminal = {
    out: (text) => void told.push(text),
    note: () => {},
    columns: undefined,
    rows: 24,
    environment: variables,
  };
  const program = new Command('ws-proxy').exitOverride();
  register(program, io);
  const before = process.exitCode;
  await program.parseAsync(['doctor', ...args, '-o', 'json'], { from: 'user' });
  const code = Number(process.exitCode);
  // It is the command's, not that of the tests.
  process.exitCode = before;
  const { findings } = JSON.parse(told.join('')) as { findings: Found[] };
  return {
    code,
    findings: new Map(findings.map((one) => [one.id, one])),
    of: (status) => findings.filter((one) => one.status === status).map(({ id }) => id),
  };
}

/** Runs it as a process with these variables beside PATH, as people do. */
export async function doctorText(
  args: readonly string[],
  variables: Record<string, string> = {},
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const env = { PATH: process.env['PATH'] ?? '', ...variables };
  const child = spawn(process.execPath, [BIN, 'doctor', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.err += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...texts };
}

/** Expects exactly these faults, each with words that fit, and the exit code that goes with them. */
export function expectFaults({ code, findings, of }: Examined, faults: Readonly<Record<string, RegExp>>): void {
  const told = JSON.stringify([...findings.values()], null, 1);
  expect(of('fault'), told).to.have.members(Object.keys(faults));
  for (const [id, words] of Object.entries(faults)) {
    expect(findings.get(id)?.what).to.match(words);
    expect(findings.get(id)?.why).to.match(/\w/);
    expect(findings.get(id)?.do).to.match(/\w/);
  }
  expect(code).to.equal(Object.keys(faults).length === 0 ? 0 : 1);
}

let written = 0;

/** Flags that name files with a certificate and its key, and the CA. */
export function filesOf(
  scratch: Scratch,
  { certificate, key }: Pick<IssuedCertificate, 'certificate' | 'key'>,
  ca: string,
): string[] {
  written += 1;
  const cert = scratch.write(`own-${written}.pem`, certificate + key);
  return ['--cert', cert, '--ca', scratch.write(`ca-${written}.pem`, ca)];
}
