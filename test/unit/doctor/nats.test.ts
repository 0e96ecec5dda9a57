import { expect } from 'chai';
import { judgeNats, judgeNatsPermissions, judgeNatsStreams } from '../../../doctor/checks/check-nats.js';
import { MIN_NATS } from '../../../doctor/checks/supported.js';
import type { NatsLook } from '../../../doctor/look/nats-look.js';
import type { SurveyedStream } from '../../../proxy/cluster/nats/look/survey.js';
import { expectJudged } from '../../support/judged.js';
import { textOf } from '../../support/sources.js';

const alone = { t: 'alone' } as const;
const away = { t: 'away', servers: ['nats://a:4222'], text: 'connect ECONNREFUSED' } as const;

type There = Extract<NatsLook, { t: 'there' }>;

function there(more: Partial<There> = {}): There {
  return { t: 'there', server: { version: '2.15.1', answer: 0.5 }, streams: [stream()], refused: [], ...more };
}

function stream(more: Partial<Extract<SurveyedStream, { t: 'there' }>> = {}): SurveyedStream {
  const held = { messages: 1, bytes: 100, servers: 3, storage: 'file', differences: [] };
  return { name: 'WSP_CLAIMS', t: 'there', ...held, ...more };
}

describe('doctor: NATS', () => {
  it('nats', () => {
    expectJudged(judgeNats(alone), 'not_checked', /told of no NATS/);
    expectJudged(judgeNats({ t: 'untold', text: 'see configuration' }), 'not_checked', /see configuration/);
    expectJudged(judgeNats(away), 'fault', /NATS at nats:\/\/a:4222: connect ECONNREFUSED/, /--nats/);
    expectJudged(judgeNats(there()), 'ok', /NATS 2\.15\.1 answers in 0\.5 ms/);
    const slow = { version: '2.12.0', answer: 230 };
    expectJudged(judgeNats(there({ server: slow })), 'warning', /answers in 230\.0 ms/, /disk/);
    const old = { version: '2.10.25', answer: 1 };
    expectJudged(judgeNats(there({ server: old })), 'fault', /is 2\.10\.25, and 2\.12 is needed/, /install 2\.12/);
    expect(textOf('docs/fleet.md')).to.include(`Version ${MIN_NATS} or later`);
  });

  it('nats-streams', () => {
    const judged = (streams: readonly SurveyedStream[], cluster?: string, isOneMachine = false) =>
      judgeNatsStreams(
        there({ streams, server: { version: '2.15.1', answer: 1, ...(cluster && { cluster }) } }),
        isOneMachine,
      );
    expectJudged(judgeNatsStreams(alone, true), 'not_checked', /no NATS/);
    expectJudged(judgeNatsStreams(away, true), 'not_checked', /see nats/);
    expectJudged(judged([stream()], 'c'), 'ok', /held by 3 servers, on disk/);
    expectJudged(judged([stream({ servers: 1 })], undefined, true), 'ok', /held by 1 server, on disk/);
    expectJudged(judged([stream({ servers: 1 })]), 'warning', /one server of NATS/, /--nats-replicas 3/);
    expectJudged(judged([stream({ servers: 1 })], 'c', true), 'warning', /one server of NATS/, /--nats-replicas 3/);
    expectJudged(judged([stream({ storage: 'memory' })]), 'warning', /in memory/, /--nats-storage file/);
    const differences = [{ setting: 'discard', wanted: 'new', found: 'old' }];
    expectJudged(
      judged([stream(), stream({ differences })]),
      'fault',
      /discard is old and must be new/,
      /cluster init/,
    );
    expectJudged(judged([{ name: 'WSP_BLOCKS', t: 'missing' }]), 'warning', /WSP_BLOCKS is not there/, /cluster init/);
    expectJudged(
      judged([{ name: 'WSP_BLOCKS', t: 'untold', detail: 'JetStream is off' }]),
      'fault',
      /JetStream is off/,
    );
  });

  it('nats-permissions', () => {
    expectJudged(judgeNatsPermissions(alone), 'not_checked', /no NATS/);
    expectJudged(judgeNatsPermissions(away), 'not_checked', /see nats/);
    expectJudged(judgeNatsPermissions(there({ refused: undefined })), 'not_checked', /see nats-streams/);
    expectJudged(judgeNatsPermissions(there()), 'ok', /may do what a replica needs/);
    const refused = ['this user may not publish to wsp.claim.x'];
    expectJudged(judgeNatsPermissions(there({ refused })), 'fault', /wsp\.claim\.x/, /cluster permissions/);
  });
});
