import { Duplex } from 'node:stream';
import { expect } from 'chai';
import { refusalBody, refuseUpgrade } from '../../../proxy/door/refuse.js';
import { endings, type Label, type RefusalLabel, refusal } from '../../../proxy/wire/close.js';

const labels = (Object.keys(endings) as Label[]).filter((label): label is RefusalLabel => 'status' in endings[label]);

/** The head and the body of a refusal, as a client reads them. */
async function answer(label: RefusalLabel): Promise<{ head: string[]; body: string }> {
  const chunks: Buffer[] = [];
  const raw = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _, done) => {
      chunks.push(chunk);
      done();
    },
  });
  const ended = new Promise((resolve) => raw.once('close', resolve));
  refuseUpgrade(raw, refusal(label));
  await ended;
  const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  return { head: head.split('\r\n'), body };
}

describe('refusal', () => {
  for (const label of labels) {
    it(`[REFUSE-1] ${label} is an HTTP answer with a JSON body`, async () => {
      const { status, text, retry } = endings[label];
      const { head, body } = await answer(label);
      expect(head[0]).to.match(new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`));
      expect(head).to.include('Content-Type: application/json');
      expect(head).to.include(`Content-Length: ${Buffer.byteLength(body)}`);
      expect(head).to.include('Connection: close');
      expect(JSON.parse(body).error).to.include({ reason: label, message: text, retry });
    });
  }

  it('[REFUSE-2] says in header and body when to come back, where that is known', async () => {
    const full = await answer('meetup_full');
    expect(full.head).to.include('Retry-After: 20');
    expect(JSON.parse(full.body).error.retryAfter).to.equal(20);
    const never = await answer('not_found');
    expect(never.head.join()).not.to.include('Retry-After');
    expect(JSON.parse(never.body).error).not.to.have.property('retryAfter');
  });

  it('[REFUSE-1] says with 426 what to upgrade to (RFC 9110 §15.5.22)', async () => {
    expect((await answer('upgrade_required')).head).to.include.members([
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
    ]);
  });

  it('[REFUSE-1] writes a detail as JSON, whatever is in it', () => {
    const body = refusalBody(refusal('meetup_id_invalid', '"\r\n\u2028<b>'));
    expect(JSON.parse(body).error.message).to.equal('the meetup id is not valid: "\r\n\u2028<b>');
    expect(body.trim()).not.to.match(/[\r\n]/);
  });
});
