import { expect } from 'chai';
import fc from 'fast-check';
import { Envelope, MAX_FALLBACK_BYTES } from '../../../proxy/wire/envelope.js';
import { FIELD } from '../../../proxy/wire/envelope-field.js';
import { type MessageId, messageId } from '../../../proxy/wire/message-id.js';
import { kindOf, type MessageKind } from '../../../proxy/wire/message-kind.js';
import { document, value } from '../../support/envelope-texts.js';

/** The members that the reader finds in a message of each kind. */
interface Head {
  readonly kind: MessageKind;
  readonly type?: string | undefined;
  readonly id?: MessageId | undefined;
  readonly requiresResponse?: boolean | undefined;
  readonly method?: string | undefined;
  readonly inResponseTo?: MessageId | undefined;
  readonly status?: number | undefined;
}

function read(text: string | Buffer): Envelope {
  const envelope = new Envelope();
  envelope.read(Buffer.from(text as string));
  return envelope;
}

function headOf(envelope: Envelope): Head {
  const { kind, id, inResponseTo, requiresResponse, status, typeText: type } = envelope;
  if (kind === 'unreadable') return { kind };
  if (kind === 'request') return { kind, type, id, requiresResponse, method: envelope.methodText };
  return kind === 'response' ? { kind, type, inResponseTo, status } : { kind, type };
}

/** The same members as JSON.parse finds them: the oracle. */
function parsedHead(text: string): Head {
  const message = parsedMessage(text);
  const type = message['messageType'];
  if (typeof type !== 'string') return { kind: 'unreadable' };
  const kind = kindOf(type);
  const { requiresResponse, statusCode: status } = message;
  const required = typeof requiresResponse === 'boolean' ? requiresResponse : undefined;
  const head = { kind, type, id: messageId(message['messageId']), requiresResponse: required };
  if (kind === 'request') return { ...head, method: textOr(message['method']) };
  if (kind !== 'response') return { kind, type };
  const inResponseTo = messageId(message['inResponseTo']);
  return { kind, type, inResponseTo, status: Number.isInteger(status) ? (status as number) + 0 : undefined };
}

interface Target {
  readonly path: string | undefined;
  readonly queryStrings: unknown;
  readonly headers: unknown;
}

function targetOf({ pathText: path, queryStringsValue: queryStrings, headersValue: headers }: Envelope): Target {
  return { path, queryStrings, headers };
}

function parsedTarget(text: string): Target {
  const { path, queryStrings, headers } = parsedMessage(text);
  return { path: textOr(path), queryStrings, headers };
}

function parsedMessage(text: string): Record<string, unknown> {
  const whole = JSON.parse(Buffer.from(text).toString()) as { message?: unknown } | null;
  const message = whole?.message;
  return typeof message === 'object' && message !== null ? (message as Record<string, unknown>) : {};
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The text as far as it was read, with its two open objects closed there; the whole text where nothing is left. */
function closedAt(text: string, at: number): string {
  return at === 0 ? text : `${Buffer.from(text).subarray(0, at).toString('utf8')}}}`;
}

describe('wire: envelope', () => {
  it('reads what a deployed manager and a deployed gateway write [MSG-1, MSG-2]', () => {
    const request = read(
      `{"message": {"messageId": 7, "messageType": "REST:REQUEST", "requiresResponse": true, "method": "GET", "path": "/a/b?c=d"}, "id": 4}`,
    );
    expect(headOf(request)).to.include({ kind: 'request', id: 7, requiresResponse: true, method: 'GET' });
    expect(request.pathText).to.equal('/a/b?c=d');
    const response = `{"message":{"messageBody":{"a":[1]},"statusCode":200,"inResponseTo":7,"reasonPhrase":null,"messageType":"REST:RESPONSE","messageId":3,"requiresResponse":false}}`;
    expect(headOf(read(response))).to.include({ kind: 'response', inResponseTo: 7, status: 200 });
  });

  it('says what JSON.parse says of the text that it read: names twice, escapes, surrogates, nesting, any order, huge bodies first', () => {
    fc.assert(
      fc.property(document, (text) => {
        fc.pre(Buffer.byteLength(text) <= MAX_FALLBACK_BYTES);
        const envelope = read(text);
        expect(headOf(envelope)).to.deep.equal(parsedHead(closedAt(text, envelope.at)));
      }),
      { numRuns: 1500 },
    );
  });

  it('says what JSON.parse says of the whole text when it has read it all', () => {
    fc.assert(
      fc.property(document, (text) => {
        fc.pre(Buffer.byteLength(text) <= MAX_FALLBACK_BYTES);
        const envelope = read(text);
        if (envelope.kind === 'unreadable') return;
        envelope.reach(FIELD.end);
        expect(targetOf(envelope)).to.deep.equal(parsedTarget(text));
      }),
      { numRuns: 1500 },
    );
  });

  it('reads a path, a query and headers no further than each of them, and says what JSON.parse says of that', () => {
    fc.assert(
      fc.property(document, fc.constantFrom('pathText', 'queryStringsValue', 'headersValue'), (text, asked) => {
        fc.pre(Buffer.byteLength(text) <= MAX_FALLBACK_BYTES);
        const envelope = read(text);
        if (envelope.kind === 'unreadable') return;
        const said = envelope[asked];
        const { path, queryStrings, headers } = parsedTarget(closedAt(text, envelope.at));
        expect(said).to.deep.equal({ pathText: path, queryStringsValue: queryStrings, headersValue: headers }[asked]);
      }),
      { numRuns: 1500 },
    );
  });

  it('says what JSON.parse says of any JSON', () => {
    fc.assert(
      fc.property(fc.oneof(value, fc.json()), (text) => {
        expect(headOf(read(text))).to.deep.equal(parsedHead(text));
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, and of text cut short claims what it claims of the whole, or nothing', () => {
    fc.assert(
      fc.property(document, fc.nat(), (text, cut) => {
        const data = Buffer.from(text.trimEnd());
        const some = read(data.subarray(0, cut % data.length));
        targetOf(some);
        if (some.kind !== 'unreadable') expect(headOf(some)).to.deep.equal(headOf(read(data)));
      }),
      { numRuns: 1000 },
    );
  });

  it('looks at nothing behind what a message of its kind is asked for', () => {
    const behind = ',"messageType":"EVENT:x","messageBody":{nonsense';
    for (const head of [
      '{"message":{"messageId":7,"messageType":"EVENT:DHCP:leaseAcquired"',
      '{"message":{"messageType":"REST:RESPONSE","inResponseTo":7,"statusCode":200',
      '{"message": {"messageId": 7, "messageType": "REST:REQUEST", "requiresResponse": true, "method": "GET"',
    ]) {
      const { kind, at } = read(head + behind);
      expect(kind).to.equal(parsedHead(`${head}}}`).kind);
      expect(at).to.equal(head.length);
    }
  });

  it('never throws on bytes of any kind', () => {
    const envelope = new Envelope();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => envelope.read(Buffer.from(bytes))));
    fc.assert(
      fc.property(fc.stringMatching(/^[{}[\]":,\\a-f0-9. -]{0,60}$/), (text) => {
        envelope.read(Buffer.from(`{"message":{"messageType":"REST:REQUEST",${text}`));
      }),
    );
  });

  it('calls unreadable what breaks JSON in a part that it reads', () => {
    for (const text of [
      '',
      'null',
      '[]',
      '{}',
      '{"message":{}}',
      '{"message":{"messageType":7}}',
      '{"message":{"messageType":"REST:REQUEST"}',
      '{"message":{"messageType":"REST:REQUEST"}} x',
      '{"message":{"messageType":"REST:REQUEST",}}',
      '{"message":{"messageType":"REST:REQUEST" "a":1}}',
      '{"message":{"messageType":"REST:REQUEST","messageId":01}}',
      '{"message":{"messageType":"REST:REQUEST","x":truth}}',
      '{"message":{"messageType":"REST\nREQUEST"}}',
      '\ufeff{"message":{"messageType":"REST:REQUEST"}}',
    ]) {
      expect(headOf(read(text)), text).to.deep.equal({ kind: 'unreadable' });
    }
  });

  it('does not look for faults in a body', () => {
    expect(read('{"message":{"messageBody":{nonsense},"messageType":"EVENT:a:b"}}').kind).to.equal('event');
  });

  it('knows no path, query or headers of a request that breaks before it has read them', () => {
    const broken = read(`${'{"message":{"messageType":"REST:REQUEST","messageId":1,"path":"/x",'}"headers":[],}}`);
    expect(broken.kind).to.equal('unreadable');
    const later = read(
      '{"message":{"messageType":"REST:REQUEST","messageId":1,"requiresResponse":true,"method":"GET","path":"/x",}}',
    );
    expect(later.kind).to.equal('request');
    expect(later.headersValue).to.equal(undefined);
    expect(later.pathText).to.equal(undefined);
  });

  it('takes the integer 7 and the string "7" for one id, and "07" for another [MSG-2]', () => {
    expect(messageId('7')).to.equal(messageId(7));
    expect(messageId('-7')).to.equal(-7);
    expect(messageId('07')).to.equal('07');
    expect(messageId('')).to.equal(undefined);
    expect(messageId(1.5)).to.equal(undefined);
    expect(messageId('x'.repeat(257))).to.equal(undefined);
  });

  it('declines an odd message above the bound of a full parse', () => {
    const odd = (body: string): string =>
      `{"message":{"messageType":"REST:REQUEST","m\\u0065ssageId":1,"messageBody":"${body}"}}`;
    expect(headOf(read(odd('x')))).to.include({ kind: 'request', id: 1 });
    expect(read(odd('x'.repeat(MAX_FALLBACK_BYTES))).kind).to.equal('unreadable');
  });
});
