import { expect } from 'chai';
import { type ForgedAnswers, judgeForgedHeaders } from '../../../doctor/checks/check-forged-headers.js';
import type { Status } from '../../../doctor/finding.js';
import type { Answer } from '../../../doctor/look/ask.js';
import { FORGERIES, SINGLE_FORGERIES } from '../../../doctor/look/forged.js';
import { hasExpired } from '../../../proxy/x509/identity.js';
import { IDENTITY_HEADERS, identityFrom } from '../../../proxy/x509/identity-headers.js';
import { expectJudged } from '../../support/judged.js';
import { identityHeaders } from '../../support/service.js';

const said = (reason: string, kind: Answer['kind'] = 'peers'): Answer => {
  return { t: 'answered', status: 403, kind, reason, message: '', skew: 0 };
};
const answers = (honest: string, nobody = honest, garbage = honest): ForgedAnswers => {
  return { honest: said(honest), nobody: said(nobody), garbage: said(garbage) };
};

/** Header lists as the service gets them. */
const listed = (headers: object): string[] => Object.entries(headers).flatMap(([name, value]) => [name, String(value)]);
const real = Object.entries(identityHeaders());

describe('doctor: forged headers', () => {
  it('forges an identity that the service reads, and that expired long ago', () => {
    const read = identityFrom(listed(FORGERIES.nobody));
    if (!('ok' in read)) throw new Error(read.detail);
    expect(hasExpired(read.ok.notAfter, Date.now())).to.equal(true);
  });

  it('forges each header of the identity in a way that is never read, alone, together, in place of Envoy’s and beside it', () => {
    expect(SINGLE_FORGERIES.map(([name]) => name)).to.deep.equal(IDENTITY_HEADERS);
    for (const headers of [FORGERIES.garbage, ...SINGLE_FORGERIES.map(([, one]) => one)]) {
      const inPlace = identityFrom(listed({ ...Object.fromEntries(real), ...headers }));
      const beside = identityFrom([...real.flat(), ...listed(headers)]);
      for (const read of [inPlace, beside]) expect(read).to.include({ refused: 'identity_malformed' });
    }
  });

  const cases: readonly (readonly [string, ForgedAnswers, Status, RegExp])[] = [
    ['denied all the same', answers('policy_denied'), 'ok', /change nothing \(policy_denied\)/],
    ['let in all the same', answers('let_in'), 'ok', /change nothing/],
    ['while it drains', answers('draining'), 'ok', /change nothing/],
    ['believed', answers('policy_denied', 'certificate_expired', 'identity_malformed'), 'fault', /is believed/],
    ['one arrives', answers('policy_denied', 'policy_denied', 'identity_malformed'), 'fault', /reach the service/],
    [
      'beside the real ones',
      answers('let_in', 'identity_malformed', 'identity_malformed'),
      'fault',
      /reach the service/,
    ],
    ['no identity at all', answers('identity_missing'), 'fault', /does not learn/],
    ['a broken identity', answers('identity_malformed'), 'fault', /does not learn/],
    [
      'believed in the place of what the edge does not say',
      answers('identity_missing', 'certificate_expired'),
      'fault',
      /is believed/,
    ],
    ['refused before', answers('server_full'), 'not_checked', /server_full before/],
    ['the service is away', answers('unavailable'), 'not_checked', /unavailable before/],
    ['a passing difference', answers('let_in', 'connect_rate', 'let_in'), 'not_checked', /ask again/],
  ];
  for (const [what, given, status, words] of cases) {
    it(`${what}: ${status}`, () => expectJudged(judgeForgedHeaders('peers', given, []), status, words));
  }

  it('names those that were seen to arrive', () => {
    const given = answers('let_in', 'let_in', 'identity_malformed');
    expectJudged(
      judgeForgedHeaders('peers', given, ['x-peer-serial']),
      'fault',
      /not dropped: x-peer-serial/,
      /envoy render/,
    );
  });

  it('knows the words of the control API, and takes no other port’s for an answer', () => {
    const honest = said('RIGHT_MISSING', 'control');
    const same = { honest, nobody: honest, garbage: honest };
    expectJudged(judgeForgedHeaders('control', same, []), 'ok', /right_missing/);
    const believed = { ...same, nobody: said('CERTIFICATE_EXPIRED', 'control') };
    expectJudged(judgeForgedHeaders('control', believed, []), 'fault', /is believed/);
    const arrived = { ...same, garbage: said('IDENTITY_MALFORMED', 'control') };
    expectJudged(judgeForgedHeaders('control', arrived, []), 'fault', /reach/);
    const off = said('PATH_UNKNOWN', 'control');
    expectJudged(
      judgeForgedHeaders('control', { honest: off, nobody: off, garbage: off }, []),
      'not_checked',
      /PATH_UNKNOWN before/,
    );
    expectJudged(judgeForgedHeaders('peers', same, []), 'not_checked', /see port/);
    const gone = { t: 'failed', code: 'TIMEOUT', text: 'no answer within 5 s' } as const;
    expectJudged(judgeForgedHeaders('peers', { ...answers('x'), honest: gone }, []), 'not_checked', /within 5 s/);
  });
});
