import { expect } from 'chai';
import { type BareEnvoy, startBareEnvoy } from '../conformance/bare-envoy.js';
import { lenient, unexplained } from '../conformance/h2-table.js';
import { type H2Case, runH2spec } from '../conformance/h2spec.js';
import { TlsShim } from '../conformance/tls-shim.js';
import type { IssuedCertificate } from '../support/raw-authority.js';
import { useStack } from '../support/stack.js';
import { needs } from '../support/tools.js';

/** Milliseconds: four times what a quiet machine needs. */
const RUN_MS = 240_000;
/** Seconds for an answer. Envoy closes a connection one second after its last word; the patient time is for a busy machine. */
const [ANSWER, PATIENT_ANSWER] = [2, 6];
const CASES = 146;

describe('h2spec (RFC 9113)', () => {
  needs('h2spec');
  const stack = useStack(() => ({ control: true }));
  let bare: BareEnvoy;
  let credential: IssuedCertificate;
  before(async () => {
    credential = stack().issue('checker');
    const control = stack().scratch.path('control.sock');
    bare = await startBareEnvoy({ authority: stack().authority, service: stack().socket, control });
  });
  after(() => bare?.stop());

  async function run(port: number, timeout: number, only?: readonly string[]): Promise<readonly H2Case[]> {
    const shim = await TlsShim.listen({ port, ca: stack().ca, credential });
    try {
      return await runH2spec({ port: shim.port, timeout, ...(only && { only }) });
    } finally {
      await shim.close();
    }
  }

  it('the control listener: every case that fails is explained', async function () {
    this.timeout(RUN_MS);
    const cases = await run(stack().edge.ports.control, ANSWER);
    expect(cases).to.have.lengthOf(CASES);
    const { failed, idle } = unexplained(cases);
    // On a busy machine an answer may come late: once more, alone and with patience.
    const again = failed.map(({ id }) => id);
    const still = again.length === 0 ? [] : await run(stack().edge.ports.control, PATIENT_ANSWER, again);
    expect(still.filter(({ passed }) => !passed)).to.deep.equal([]);
    expect(idle, 'rows of the table of which nothing fails').to.deep.equal([]);
  });

  it('Envoy by its own defaults fails each of these too', async function () {
    this.timeout(RUN_MS);
    const known = lenient.flatMap(({ cases }) => cases);
    const cases = await run(bare.ports.control, ANSWER, known);
    expect(cases.filter(({ passed }) => passed)).to.deep.equal([]);
    expect(cases).to.have.lengthOf(known.length);
  });
});
