import { expect } from 'chai';
import fc from 'fast-check';
import { type CheckId, checks } from '../../../peer/check/checks.js';
import { Examiner } from '../../../peer/check/examiner.js';
import { hello } from '../../support/fixtures.js';
import { request, response } from '../../support/pair.js';

/** Its answer to a request that was asked, its HELLO before it. */
function examined(...messages: readonly (string | Buffer)[]): Examiner {
  const examiner = new Examiner();
  examiner.begin();
  examiner.take(Buffer.from(hello()), false);
  void examiner.answered(100);
  for (const message of messages) examiner.take(Buffer.from(message), Buffer.isBuffer(message));
  return examiner;
}

const envelope = (fields: object): string => JSON.stringify({ message: { requiresResponse: false, ...fields } });

/** A message with a fault, the check that names it, and the words. */
const FAULTS: readonly (readonly [string, CheckId, string])[] = [
  ['[1]', 'envelopes', 'a message is no JSON object: [1]'],
  ['{"a": 1}', 'envelopes', 'a message has no object "message": {"a":1}'],
  [envelope({ messageId: 9 }), 'envelopes', 'messageType is not text: nothing'],
  ['{"message":{"messageId":9,"messageType":"A"}}', 'envelopes', 'requiresResponse of a "A" is neither true nor false'],
  [
    envelope({ messageType: 'A' }),
    'ids',
    'messageId of a "A" is no integer and no text of 1 to 256 characters: nothing',
  ],
  [envelope({ messageType: 'A', messageId: 1.5 }), 'ids', '1.5'],
  [envelope({ messageType: 'A', messageId: '' }), 'ids', '""'],
  [request(9, { method: 'BREW' }), 'requests', 'method is not one of HTTP'],
  [request(9, { headers: [{ name: 'Content-Type', value: 'a/b' }] }), 'requests', 'headers carry "Content-Type"'],
  [request(9, { dataFormat: 'application/octet-stream', messageBody: 'a' }), 'bodies', 'messageBody is not base64'],
  [response(7, 200, { messageId: 9 }), 'answers', 'an answer to "7", which was not asked'],
  [response(100, 99, { messageId: 9 }), 'answers', 'statusCode is not a whole number from 200 to 599'],
  [response(undefined, 200, { messageId: 9 }), 'answers', 'a REST:RESPONSE without a valid inResponseTo'],
  [
    response(100, 200, { messageId: 9, dataFormat: 'text/plain', messageBody: {} }),
    'bodies',
    'messageBody is not text',
  ],
  [envelope({ messageType: 'EVENT:', messageId: 9 }), 'bodies', 'a "EVENT:" cannot be read'],
];

describe('the examiner of a peer', () => {
  for (const [message, check, words] of FAULTS) {
    it(`${check}: ${words}`, () => {
      const examiner = examined(message);
      expect(examiner.faultsOf(check)).to.contain(words);
      const others = (Object.keys(checks) as CheckId[]).filter(
        (id) => id !== check && examiner.faultsOf(id) !== undefined,
      );
      expect(others).to.deep.equal([]);
    });
  }

  it('[MSG-1, MSG-2, MSG-3] finds nothing wrong with what is right: types of the peers’ own, ids that are text, binary', () => {
    const examiner = examined(
      envelope({ messageType: 'DPP:x', messageId: 'a' }),
      envelope({ messageType: 'EVENT:DHCP:leaseAcquired', messageId: 2, messageBody: {} }),
      request(3),
      response('100', 204, { messageId: 4 }),
      Buffer.from([0, 255]),
    );
    const found = (Object.keys(checks) as CheckId[]).map((check) => examiner.faultsOf(check));
    expect(found.filter((fault) => fault !== undefined)).to.deep.equal([]);
    expect(examiner.seen).to.deep.equal({ messages: 6, requests: 1, answers: 1, bodies: 1 });
  });

  it('an id may come again on another connection, and not on the same one, the HELLO’s included', () => {
    const { messageId } = (JSON.parse(hello()) as { message: { messageId: number } }).message;
    const again = envelope({ messageType: 'A', messageId });
    expect(examined(again).faultsOf('ids')).to.equal(`two messages have the id ${messageId}`);
    const examiner = examined();
    examiner.begin();
    examiner.take(Buffer.from(hello()), false);
    expect(examiner.faultsOf('ids')).to.equal(undefined);
  });

  it('a second answer is a fault, and faults beyond the first three are counted', async () => {
    const examiner = examined();
    const answered = examiner.answered(100);
    for (let at = 0; at < 6; at += 1) examiner.take(Buffer.from(response(100, 200, { messageId: at + 10 })), false);
    await answered;
    const twice = 'the request "100" was answered twice';
    expect(examiner.faultsOf('answers')).to.equal(`${twice}; ${twice}; ${twice}; and 2 more`);
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.oneof(fc.string(), fc.json()), fc.boolean())), (messages) => {
        const examiner = new Examiner();
        for (const [text, binary] of messages) examiner.take(Buffer.from(text), binary);
        expect(examiner.seen.messages).to.equal(messages.length);
      }),
    );
  });
});
