import { expect } from 'chai';
import fc from 'fast-check';
import { refusalBody } from '../../../proxy/door/refuse.js';
import { failed, MAX_RETRY_AFTER_S, refused } from '../../../proxy/transport/dial/dial-error.js';
import { endings, type RefusalLabel, refusal } from '../../../proxy/wire/close.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('a refused upgrade', () => {
  for (const label of Object.keys(endings) as (keyof typeof endings)[]) {
    if (!('status' in endings[label])) continue;
    it(`says ${label} as the proxy did`, () => {
      const told = refusal(label as RefusalLabel);
      const header = told.retryAfter === undefined ? undefined : String(told.retryAfter);
      const { failure, message } = refused(told.status, header, refusalBody(told), NOW);
      const after = told.retryAfter === undefined ? {} : { retryAfter: told.retryAfter };
      expect(failure).to.deep.equal({
        t: 'refused',
        status: told.status,
        reason: label,
        retry: told.retry,
        ...after,
      });
      expect(message).to.contain(told.text);
    });
  }

  it('by another server is judged by its status', () => {
    expect(refused(503, undefined, 'no healthy upstream', NOW).failure).to.include({
      reason: 'http_503',
      retry: 'later',
    });
    expect(refused(404, undefined, '', NOW).failure).to.include({ reason: 'http_404', retry: 'never' });
    expect(refused(429, undefined, '{"error":{"reason":"toString","retry":1}}', NOW).failure).to.include({
      reason: 'http_429',
      retry: 'later',
    });
  });

  it('names the time in seconds or as a date, up to a bound', () => {
    const wait = (header: string): unknown => {
      const { failure } = refused(503, header, '', NOW);
      return failure.t === 'refused' ? failure.retryAfter : undefined;
    };
    expect(wait('7')).to.equal(7);
    expect(wait('Thu, 01 Jan 2026 00:01:30 GMT')).to.equal(90);
    expect(wait('Wed, 31 Dec 2025 00:00:00 GMT')).to.equal(0);
    expect(wait('999999')).to.equal(MAX_RETRY_AFTER_S);
    expect(wait('-3')).to.equal(undefined);
    expect(wait('soon')).to.equal(undefined);
  });

  it('is one line of text, whatever the server sends', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 599 }),
        fc.option(fc.string(), { nil: undefined }),
        fc.anything(),
        (status, header, body) => {
          const text = JSON.stringify({
            error: { message: '\u001b[2J\nx', reason: body, retryAfter: body, retry: body },
          });
          const { message, failure } = refused(status, header, text ?? '', NOW);
          expect(message).to.match(/^[^\p{Cc}]*$/u);
          if (failure.t === 'refused' && failure.retryAfter !== undefined) {
            expect(failure.retryAfter).to.be.within(0, MAX_RETRY_AFTER_S);
          }
        },
      ),
    );
  });
});

describe('a failed dial', () => {
  for (const [code, t, retry] of [
    ['ECONNREFUSED', 'unreachable', 'now'],
    ['ENOTFOUND', 'unreachable', 'now'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'later'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls', 'later'],
    ['CERT_HAS_EXPIRED', 'tls', 'later'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls', 'never'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tls', 'never'],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'tls', 'never'],
    ['EPROTO', 'tls', 'later'],
    ['', 'not_websocket', 'later'],
  ] as const) {
    it(`${code || 'without a code'} is ${t}, ${retry}`, () => {
      expect(failed(Object.assign(new Error('x'), { code })).failure).to.include({ t, retry });
    });
  }
});

describe('a dial to a port without TLS', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['EPROTO', 'write EPROTO 80:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'wrong version number'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'packet length too long'],
  ];
  for (const [code, text] of cases) {
    it(`is told by ${code}`, () => {
      const { message, failure } = failed(Object.assign(new Error(text), { code }));
      expect(message).to.equal(`what listens there speaks no TLS: it is not the port for peers (${code})`);
      expect(failure).to.deep.equal({ t: 'tls', code, retry: 'later' });
    });
  }

  it('is not told of other faults of TLS', () => {
    const error = Object.assign(new Error('write EPROTO: tlsv1 alert internal error'), { code: 'EPROTO' });
    expect(failed(error).message).to.equal('TLS failed (EPROTO)');
  });
});
