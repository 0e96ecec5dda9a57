import { expect } from 'chai';
import fc from 'fast-check';
import {
  type EndingLabel,
  ending,
  endings,
  type Label,
  MAX_REASON_BYTES,
  type RefusalLabel,
  refusal,
} from '../../../proxy/wire/close.js';

const labels = Object.keys(endings) as Label[];
const endingLabels = labels.filter((label): label is EndingLabel => 'code' in endings[label]);
const refusalLabels = labels.filter((label): label is RefusalLabel => 'status' in endings[label]);
const detail = fc.string({ unit: 'grapheme', maxLength: 300 });

describe('close table', () => {
  it('[CLOSE-1, LIVE-2] keeps the codes and texts that deployed peers know', () => {
    expect(ending('peer_disconnected')).to.include({ code: 1002, text: 'the peer websocket disconnected' });
    expect(ending('ping_timeout', '10 seconds')).to.include({ code: 1002, text: 'Ping timed out (10 seconds)' });
    expect(ending('draining').code).to.equal(1012);
  });

  it('[CLOSE-2] has an HTTP status, a close code, or both in every row', () => {
    expect(labels.filter((label) => !('status' in endings[label] || 'code' in endings[label]))).to.deep.equal([]);
  });

  it('[CLOSE-2] uses only codes that may be sent, but for the connection that broke off (RFC 6455 §7.4)', () => {
    const sent = endingLabels.filter((label) => !maySend(endings[label].code));
    expect(sent).to.deep.equal(['connection_lost']);
  });

  it('[CLOSE-2] gives no two rows one code of our own', () => {
    const own = endingLabels.map((label) => endings[label].code).filter((code) => code >= 4000);
    expect(new Set(own).size).to.equal(own.length);
  });

  it('[CLOSE-2] mirrors the status of a refusal in the code of the same label', () => {
    for (const label of ['certificate_expired', 'policy_denied', 'meetup_full', 'meetups_full'] as const) {
      const { status, code } = endings[label];
      expect(code, label).to.equal(4000 + status);
    }
  });

  it('[CLOSE-2] cuts every reason to 123 bytes of whole characters, whatever the detail', () => {
    fc.assert(
      fc.property(fc.constantFrom(...endingLabels), fc.option(detail, { nil: undefined }), (label, more) => {
        const { text } = ending(label, more);
        const whole = wholeText(endings[label].text, more);
        expect(Buffer.byteLength(text)).to.be.at.most(MAX_REASON_BYTES);
        expect(Buffer.from(text).toString('utf8')).to.equal(text);
        expect(whole.startsWith(text)).to.equal(true);
        const next = [...whole.slice(text.length)][0];
        if (next !== undefined) expect(Buffer.byteLength(text + next)).to.be.above(MAX_REASON_BYTES);
      }),
    );
  });

  it('[CLOSE-2] leaves no place for a detail open', () => {
    for (const label of endingLabels) expect(ending(label).text, label).not.to.include('{');
    expect(ending('ping_timeout').text).to.equal('Ping timed out');
  });

  it('[CLOSE-2] takes a detail literally', () => {
    expect(ending('ping_timeout', "$& $1 $' {detail}").text).to.equal("Ping timed out ($& $1 $' {detail})");
    expect(ending('kicked', 'maintenance').text).to.equal('kicked by an operator: maintenance');
  });

  it('[REFUSE-1] refuses with the status, text and retry of the row', () => {
    for (const label of refusalLabels) {
      const { status, text, retry } = endings[label];
      expect(refusal(label), label).to.include({ label, status, text, retry });
      expect(status, label).to.be.within(400, 599);
    }
  });

  it('[REFUSE-2] says when to come back where the row, or the caller, knows it', () => {
    expect(refusal('meetup_full').retryAfter).to.equal(20);
    expect(refusal('meetup_full', undefined, 3).retryAfter).to.equal(3);
    expect(refusal('not_found')).not.to.have.property('retryAfter');
    for (const label of refusalLabels) {
      if (endings[label].retry === 'never') expect(refusal(label), label).not.to.have.property('retryAfter');
    }
  });

  it('has one sentence about each row', () => {
    for (const label of labels) expect(endings[label].meaning, label).to.match(/^[A-Z].*\.$/);
  });
});

/** Codes that an endpoint may put into a close frame. */
function maySend(code: number): boolean {
  return (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);
}

function wholeText(text: string, more: string | undefined): string {
  if (more === undefined) return text.replace(' ({detail})', '');
  return text.includes('{detail}') ? text.split('{detail}').join(more) : `${text}: ${more}`;
}
