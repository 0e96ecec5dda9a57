import { expect } from 'chai';
import { type CheckId, checks } from '../../peer/check/checks.js';
import { EXAMPLE_MEETUP, useExamples } from '../support/example-programs.js';
import type { Program } from '../support/program.js';

// The gateways of the examples are judged beside their other tests.
describe('ws-proxy peer check', () => {
  const scene = useExamples();
  const { stack } = scene;
  const files = (name: string): string[] => {
    const [cert, ca] = scene.files(name);
    return ['--url', scene.url(), '--cert', cert, '--ca', ca];
  };
  const check = (...more: readonly string[]): Program =>
    scene.own('peer', 'check', ...files('manager'), '--silence', '1s', ...more);

  /** The verdict of each check, from the table. */
  const verdicts = async (program: Program): Promise<Record<string, string>> => {
    const lines = await Promise.all(Object.keys(checks).map((id) => program.line('stdout', new RegExp(`^${id} `))));
    return Object.fromEntries(lines.map((line) => line.split(/ {2,}/, 2)));
  };
  const allBut = (others: Partial<Record<CheckId, string>>): Record<string, string> => ({
    ...Object.fromEntries(Object.keys(checks).map((id) => [id, 'ok'])),
    ...others,
  });

  it('finds nothing wrong with the gateway and the bridge of this project', async () => {
    for (const args of [
      ['gateway', '--upstream', 'http://127.0.0.1:1'],
      ['bridge', '--listen', '0'],
    ]) {
      const peer = scene.own('peer', ...args, ...files('gateway'));
      const program = check('-o', 'json');
      await program.line('stdout', /"check": "comes_back"/);
      expect(await program.ended).to.equal(0);
      await peer.stop();
    }
  });

  it('names the faults of a peer that has all of them, and says so by its exit code', async () => {
    const program = check('--timeout', '1s', '--patience', '3s');
    const peer = await stack().open(stack().gateway('gateway'), EXAMPLE_MEETUP);
    peer.hello('bad');
    await peer.next();
    const send = (message: object): void => peer.send(JSON.stringify({ message: { messageId: 1, ...message } }));
    const answer = { messageType: 'REST:RESPONSE', requiresResponse: false, statusCode: 200 };
    peer.send('no JSON');
    send({ messageType: 'REST:REQUEST', requiresResponse: true, method: 'GET' });
    send({ ...answer, inResponseTo: 7 });
    send({ ...answer, inResponseTo: 8, dataFormat: 'application/octet-stream', messageBody: '***' });
    // It answers nothing that it is asked, and does not come back.
    const faults = ['envelopes', 'ids', 'requests', 'answers', 'at_once', 'bodies', 'passes_over', 'comes_back'];
    expect(await verdicts(program)).to.deep.equal(allBut(Object.fromEntries(faults.map((id) => [id, 'FAULT']))));
    expect(await program.line('stdout', /^envelopes /)).to.contain('a message is no JSON: "no JSON"');
    expect(await program.line('stdout', /^ids /)).to.contain('two messages have the id 1');
    expect(await program.line('stdout', /^answers /)).to.contain('an answer to "7", which was not asked');
    expect(await program.line('stdout', /^bodies /)).to.contain('messageBody is not base64');
    expect(await program.line('stdout', /^comes_back /)).to.contain('no peer came within 3 s');
    expect(await program.ended).to.equal(1);
  });

  it('names a peer that is not there any more after the silence', async () => {
    const program = check('--patience', '3s');
    const peer = await stack().open(stack().gateway('gateway'), EXAMPLE_MEETUP);
    // One that answers nothing is not asked: after what it need not know comes the silence.
    const claims = { peerClass: 'test', peerId: 'goes', answers: false };
    const head = { messageId: 0, messageType: 'CONN:HELLO', requiresResponse: false };
    peer.send(JSON.stringify({ message: { ...head, ...claims } }));
    for (let messages = 0; messages < 4; messages += 1) await peer.next();
    await peer.terminate();
    const wanted = { stays: 'FAULT', comes_back: 'FAULT' };
    const unseen = ['requests', 'answers', 'at_once', 'bodies'];
    const others = Object.fromEntries(unseen.map((id) => [id, 'not seen']));
    expect(await verdicts(program)).to.deep.equal(allBut({ ...others, ...wanted }));
    expect(await program.line('stdout', /^stays /)).to.contain('the connection ended: ');
    expect(await program.ended).to.equal(1);
  });

  it('says where nobody comes, and why it could not look', async () => {
    const alone = check('--patience', '1s');
    expect(await alone.line('stdout', /^hello /)).to.contain('no peer came within 1 s');
    await alone.line('stdout', /^stays +not seen +no peer came$/);
    expect(await alone.ended).to.equal(1);
    const wrong = check('--path', 'x');
    await wrong.line('stderr', /It must start with \/ and have no query/);
    expect(await wrong.ended).to.equal(2);
  });
});
