import { expect } from 'chai';
import { doctor, type Examined, expectFaults, filesOf } from '../support/doctor.js';
import { documentedPolicy } from '../support/documented-policy.js';
import { Scratch } from '../support/scratch.js';
import { PREFIX, Stack, type StackPlan } from '../support/stack.js';

type Edit = NonNullable<StackPlan['edit']>;

/** Takes the removal of what a client claims out of the listeners. */
const keepClaims: Edit = (file, text) => {
  if (file !== 'lds.yaml') return text;
  const kept = text.replaceAll(/^ *early_header_mutation_extensions:\n(?: {16,}.*\n)+/gm, '');
  expect(kept).to.not.include('header_mutation');
  return kept;
};

/** Has the routes leave what is there of the headers that are named. */
const leave =
  (names: RegExp, action: string): Edit =>
  (file, text) =>
    file.startsWith('rds/')
      ? text.replaceAll(
          /(key: (x-peer-[a-z-]+), .*\n *append_action: )OVERWRITE_IF_EXISTS_OR_ADD/g,
          (all, before: string, name: string) => (names.test(name) ? before + action : all),
        )
      : text;

const both =
  (...edits: readonly Edit[]): Edit =>
  (file, text) =>
    edits.reduce((done, edit) => edit(file, done), text);
const forwardAll: Edit = (file, text) =>
  file === 'lds.yaml' ? text.replaceAll('SANITIZE_SET', 'ALWAYS_FORWARD_ONLY') : text;
/** Says it where the client has not: what a route of one's own may do. */
const certificateByRoute: Edit = (file, text) => {
  const value = `'[{"hash":"%DOWNSTREAM_PEER_FINGERPRINT_256%","subject":"%DOWNSTREAM_PEER_SUBJECT%"}]'`;
  const header = `- header: { key: x-forwarded-client-cert, value: ${value} }\n            append_action: ADD_IF_ABSENT`;
  return file.startsWith('rds/') ? text.replace('request_headers_to_add:', `$&\n          ${header}`) : text;
};

describe('doctor: forged headers at an Envoy that is configured wrongly', function () {
  this.timeout(60_000);
  let stack: Stack | undefined;
  let scratch: Scratch;
  afterEach(async () => {
    await stack?.stop();
    stack = undefined;
  });

  async function start(edit?: Edit): Promise<void> {
    scratch = new Scratch();
    const flags = { policy: scratch.write('policy.yaml', documentedPolicy()) };
    stack = await Stack.start({ control: true, flags, ...(edit && { edit }) }, scratch);
  }

  async function asPeer(meetup = 'sub/7/gw-1'): Promise<Examined> {
    if (stack === undefined) throw new Error('start it first');
    const args = filesOf(scratch, stack.gateway('gw-1'), stack.ca);
    return doctor([`wss://localhost:${stack.port}${PREFIX}${meetup}`, ...args]);
  }

  async function asOperator(cn = 'admin'): Promise<Examined> {
    if (stack === undefined) throw new Error('start it first');
    const args = filesOf(scratch, stack.issue(cn), stack.ca);
    return doctor([`https://localhost:${stack.edge.ports.control}`, ...args]);
  }

  it('as it is shipped: they change nothing, for an operator and for one who has no right', async () => {
    await start();
    expectFaults(await asPeer(), {});
    expectFaults(await asOperator(), {});
    expectFaults(await asOperator('nobody'), { 'operator.rights': /lacks the right/ });
    const found = await asOperator('nobody');
    expect(found.findings.get('operator.forged-headers')?.what).to.match(/change nothing \(right_missing\)/);
  });

  it('without the removal alone: what Envoy says still stands in their place', async () => {
    await start(keepClaims);
    expectFaults(await asPeer(), {});
    expectFaults(await asOperator(), {});
  });

  it('with one header that is left: it is named', async () => {
    await start(both(keepClaims, leave(/^x-peer-serial$/, 'ADD_IF_ABSENT')));
    expectFaults(await asPeer(), { 'peer.forged-headers': /forged and not dropped: x-peer-serial$/ });
    expectFaults(await asOperator(), { 'operator.forged-headers': /forged and not dropped: x-peer-serial$/ });
  });

  it('with headers that come beside Envoy’s: all are named', async () => {
    await start(both(keepClaims, leave(/./, 'APPEND_IF_EXISTS_OR_ADD')));
    expectFaults(await asPeer(), { 'peer.forged-headers': /x-peer-subject, x-peer-issuer, x-peer-serial/ });
  });

  it('with a whole identity that is believed', async () => {
    await start(both(keepClaims, forwardAll, leave(/./, 'ADD_IF_ABSENT'), certificateByRoute));
    expectFaults(await asPeer(), { 'peer.forged-headers': /a forged identity is believed/ });
    expectFaults(await asOperator(), { 'operator.forged-headers': /a forged identity is believed/ });
  });

  it('with an Envoy that says nothing by itself, and believes', async () => {
    await start(both(keepClaims, forwardAll, leave(/./, 'ADD_IF_ABSENT')));
    const { findings } = await asPeer();
    expect(findings.get('peer.forged-headers')?.what).to.match(/a forged identity is believed/);
  });
});
