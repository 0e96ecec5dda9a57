import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { fileFault } from '../proxy/values/file-fault.js';

const cost = z.number().positive();

/** What one of the two parts costs. CPU is time of all its threads. */
const partCosts = z.strictObject({
  /** CPU of a relayed message that comes alone, with a body of {@link MEASURED_BODY_BYTES}, µs. Scenario `capacity`, 200 pairs × 1 in flight. */
  messageUs: cost,
  /** The same where messages come in bunches, µs: 10 pairs × 16 in flight. */
  bunchedMessageUs: cost,
  /** CPU that a message costs more for each further KiB of its body, µs: 1 MiB against 200 bytes. */
  kibUs: cost,
  /** CPU of a session that is set up and ends, both connections, with TLS in Envoy, ms. */
  setUpMs: cost,
  /** CPU of a session that stands idle and is pinged, µs a second. */
  idleUs: cost,
  /** Resident memory of an idle session, both connections, KiB. */
  sessionKib: cost,
  /** Resident memory before the first session, MiB. */
  baseMib: cost,
});

/** The measured costs of both parts. */
const costs = z.strictObject({
  /** When and on what it was measured, for people. */
  source: z.string().min(1).max(200),
  service: partCosts,
  envoy: partCosts,
});

export type PartCosts = z.infer<typeof partCosts>;
export type Costs = z.infer<typeof costs>;

/** Body of the measured messages, bytes. */
export const MEASURED_BODY_BYTES = 200;

/**
 * The costs from which `ws-proxy size` computes, and which the operations guide shows. `npm run bench -- capacity` measures them again and writes them to
 * `.bench/costs.json`.
 */
export const measuredCosts: Costs = {
  source: 'a virtual machine with two cores (AMD EPYC), Node.js 20',
  service: {
    messageUs: 21,
    bunchedMessageUs: 4.3,
    kibUs: 1.5,
    setUpMs: 1.6,
    idleUs: 4.1,
    sessionKib: 16,
    baseMib: 83,
  },
  envoy: {
    messageUs: 45,
    bunchedMessageUs: 2.3,
    kibUs: 2,
    setUpMs: 2.5,
    idleUs: 9.8,
    sessionKib: 150,
    baseMib: 77,
  },
};

/** Reads a file that the bench wrote. Throws one line that names the file, and the first place in it that is wrong. */
export function readCosts(file: string): Costs {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file}: ${fileFault(error)} (--costs)`);
  }
  const read = costs.safeParse(jsonIn(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw new Error(`${file}: ${where}${issue?.message}; take what "npm run bench -- capacity" writes (--costs)`);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
