import { status as Code } from '@grpc/grpc-js';
import { expect } from 'chai';
import { TAP_RATE } from '../../../proxy/control/calls/tap.js';
import type { ControlServiceClient } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/ControlService.js';
import type { TapSessionRequest } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/TapSessionRequest.js';
import type { TapSessionResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/TapSessionResponse.js';
import { as, ControlRig, type JoinedPeer, type Operator } from '../../support/control.js';
import { errorInfo, StreamLog } from '../../support/grpc-calls.js';

const REQUEST = {
  message: {
    messageId: 7,
    messageType: 'REST:REQUEST',
    requiresResponse: true,
    method: 'GET',
    path: '/micronets/v1/gateway',
  },
};
const RESPONSE = {
  message: {
    messageId: 3,
    messageType: 'REST:RESPONSE',
    requiresResponse: false,
    inResponseTo: 7,
    statusCode: 200,
    dataFormat: 'application/json',
    messageBody: { secret: 'body' },
  },
};

describe('tapping a session', () => {
  let rig: ControlRig;
  let client: ControlServiceClient;
  let one: JoinedPeer;
  let two: JoinedPeer;
  beforeEach(async () => {
    rig = await ControlRig.start();
    client = rig.client();
    [one, two] = rig.pair('sub/1');
  });
  afterEach(() => rig.stop());

  const tap = (request: TapSessionRequest = {}, operator: Operator = 'operator') => {
    const name = `sessions/${one.peer.session?.uid}`;
    return new StreamLog<TapSessionResponse__Output>(client.tapSession({ name, ...request }, as(operator)));
  };
  const seen = (count: number) => (received: StreamLog<TapSessionResponse__Output>) =>
    received.messages.length >= count || received.isOver;

  it('tells the metadata of each message, both ways, and no body', async () => {
    const received = tap();
    await received.until(({ isSetUp }) => isSetUp);
    one.socket.receive(JSON.stringify(REQUEST));
    two.socket.receive(JSON.stringify(RESPONSE));
    one.socket.receive(Buffer.from([1, 2, 3]), true);
    await received.until(seen(3));
    const [request, response, binary] = received.messages.map(({ message }) => message);
    expect(request).to.include({
      from_peer_uid: one.peer.uid,
      from_role: one.peer.admission.role,
      to_peer_uid: two.peer.uid,
      to_role: two.peer.admission.role,
      message_type: 'REST:REQUEST',
      message_id: '7',
      requires_response: true,
      method: 'GET',
      path: '/micronets/v1/gateway',
      size_bytes: JSON.stringify(REQUEST).length,
      binary: false,
      latency: null,
    });
    expect(response).to.include({
      from_peer_uid: two.peer.uid,
      in_response_to: '7',
      status_code: 200,
      data_format: 'application/json',
    });
    expect(response?.latency).not.to.equal(null);
    expect(binary).to.include({ binary: true, size_bytes: 3, message_type: '' });
    expect(received.messages.map(({ message }) => message?.body.length)).to.deep.equal([0, 0, 0]);
    expect(JSON.stringify(received.messages)).not.to.contain('secret');
    expect(two.socket.texts).to.include(JSON.stringify(REQUEST));
    received.stream.cancel();
  });

  it('shows bodies only to who may see them, and as much as was asked for', async () => {
    const { error } = await tap({ include_bodies: true }).until(({ isOver }) => isOver);
    expect(error?.code).to.equal(Code.PERMISSION_DENIED);
    expect(error && errorInfo(error).metadata).to.include({ right: 'tap-bodies' });
    const received = tap({ include_bodies: true, max_body_bytes: 20 }, 'tapper');
    await received.until(({ isSetUp }) => isSetUp);
    one.socket.receive(JSON.stringify(REQUEST));
    await received.until(seen(1));
    const [shown] = received.messages;
    expect(shown?.message?.body.toString()).to.equal(JSON.stringify(REQUEST).slice(0, 20));
    expect(shown?.message).to.include({ body_cut: true, message_type: 'REST:REQUEST' });
    expect(rig.audit.at(-1)?.request ?? {}).not.to.have.property('body');
    received.stream.cancel();
  });

  it('leaves out what is too much, counts it, and relays everything', async () => {
    const received = tap();
    await received.until(({ isSetUp }) => isSetUp);
    const most = TAP_RATE * 5;
    const before = two.socket.sent.length;
    for (let n = 0; n < most; n += 1) one.socket.receive(JSON.stringify(REQUEST));
    expect(two.socket.sent.length - before).to.equal(most);
    one.socket.gone();
    await received.until(({ isOver }) => isOver);
    expect(received.error).to.equal(undefined);
    const shown = received.messages.filter(({ message }) => message !== null).length;
    const skipped = received.messages.reduce((sum, message) => sum + Number(message.skipped), 0);
    expect(shown + skipped).to.equal(most);
    expect(shown).to.be.within(TAP_RATE, 2 * TAP_RATE);
  });

  it('tells no envelope of a message over 64 KiB', async () => {
    const received = tap();
    await received.until(({ isSetUp }) => isSetUp);
    const long = { message: { ...REQUEST.message, messageBody: 'x'.repeat(70_000) } };
    one.socket.receive(JSON.stringify(long));
    await received.until(seen(1));
    expect(received.messages[0]?.message).to.include({ message_type: '', size_bytes: JSON.stringify(long).length });
    received.stream.cancel();
  });

  it('ends with its session, and leaves nothing behind', async () => {
    const received = tap();
    await received.until(({ isSetUp }) => isSetUp);
    two.socket.gone();
    await received.until(({ isOver }) => isOver);
    expect(received.error).to.equal(undefined);
    expect(received.messages.at(-1)).to.deep.include({
      message: null,
      ending: { label: 'closed_by_peer', code: 1000, text: 'closed by the peer' },
    });
    const cancelled = new StreamLog(
      client.tapSession({ name: `sessions/${rig.join('sub/2').peer.session?.uid}` }, as('operator')),
    );
    await cancelled.until(({ isSetUp }) => isSetUp);
    expect(rig.taps.size).to.equal(1);
    cancelled.stream.cancel();
    await rig.audited(2);
    expect(rig.taps.size).to.equal(0);
  });
});
