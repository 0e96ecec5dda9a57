import { expect } from 'chai';
import fc from 'fast-check';
import { humanLine } from '../../../proxy/telemetry/logs/human.js';
import { LogInvocations, LogObserver } from '../../../proxy/telemetry/logs/log-observer.js';
import { createLogger, startLog } from '../../../proxy/telemetry/logs/logger.js';
import { refusal } from '../../../proxy/wire/close.js';
import { clean } from '../../../proxy/wire/safe-text.js';
import { FakeClock } from '../../support/fake-clock.js';
import { Meeting, request, response } from '../../support/pair.js';
import { watch } from '../../support/watch.js';

const UPGRADE = '00-11111111111111111111111111111111-2222222222222222-01';

function scene(level: 'debug' | 'info' = 'info') {
  const clock = new FakeClock();
  const lines: string[] = [];
  const logger = createLogger(level, { write: (line) => lines.push(line) });
  const observer = new LogObserver(logger, clock);
  const { invocations, turn } = watch(clock, { readers: [new LogInvocations(logger)] });
  const meeting = new Meeting({ readers: [observer], messages: invocations, clock });
  const all = (): Record<string, unknown>[] => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { clock, lines, logger, observer, meeting, turn, all };
}

describe('telemetry: log', () => {
  it('writes a line of JSON for each step of a connection, with the words of the close table', () => {
    const it = scene();
    const pair = it.meeting.pair({ traceparent: UPGRADE, requestId: 'r-1', remote: '192.0.2.7' });
    it.clock.advance(1500);
    pair.gateway.gone('connection_lost', 1006);
    const lines = it.all();
    expect(lines.map(({ message }) => message)).to.deep.equal([
      'admitted',
      'admitted',
      'paired',
      'ended',
      'ended',
      'session ended',
    ]);
    expect(lines[0]).to.include({
      level: 'info',
      role: 'manager',
      rule: 'test',
      request_id: 'r-1',
      remote: '192.0.2.7',
    });
    expect(lines[0]).to.include({ trace_id: '1'.repeat(32), span_id: '2'.repeat(16) });
    expect(lines[1]).to.not.have.property('trace_id');
    expect(lines[2]).to.include({ first: 'manager 1', second: 'gw service 1', session: pair.session.uid });
    expect(lines[3]).to.include({ ending: 'connection_lost', code: 1006, duration_ms: 1500, messages_in: 1 });
    expect(lines[4]).to.include({ ending: 'peer_disconnected', code: 1002, reason: 'the peer websocket disconnected' });
    expect(lines[5]).to.include({ ending: 'connection_lost', paired_ms: 1500 });
  });

  it('says why an upgrade was refused', () => {
    const it = scene();
    it.observer.refused({
      refusal: refusal('policy_denied'),
      detail: 'no rule',
      target: '/x',
      remote: '',
      requestId: '',
    });
    expect(it.all()[0]).to.include({
      level: 'warn',
      message: 'refused',
      reason: 'policy_denied',
      status: 403,
      detail: 'no rule',
    });
  });

  it('writes down invocations with their trace at level debug, and the level changes at once', () => {
    const it = scene();
    const pair = it.meeting.pair();
    const call = (): void => {
      pair.manager.receive(request(1, { path: '/a?key=1' }));
      pair.gateway.receive(response(1));
      it.turn();
    };
    call();
    it.logger.level = 'debug';
    call();
    it.logger.level = 'info';
    call();
    const calls = it.all().filter(({ message }) => message === 'invocation');
    expect(calls).to.have.lengthOf(1);
    expect(calls[0]).to.include({ method: 'GET', path: '/a', outcome: 'ok', status: 200, message_id: '1' });
    expect(calls[0]?.['trace_id']).to.match(/^[0-9a-f]{32}$/);
  });

  it('never writes a body', () => {
    const it = scene('debug');
    const pair = it.meeting.pair();
    pair.manager.receive(request(1, { messageBody: { psk: 'hunter2' } }));
    pair.gateway.receive(response(1, 200, { messageBody: 'hunter2' }));
    pair.manager.gone();
    it.turn();
    expect(it.lines.join('')).to.not.include('hunter2');
  });

  it('writes one object a line, safe for a terminal, whatever peers call themselves', () => {
    const it = scene();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        it.lines.length = 0;
        it.observer.refused({
          refusal: refusal('not_found'),
          detail: text,
          target: text,
          remote: text,
          requestId: text,
        });
        expect(it.lines).to.have.lengthOf(1);
        expect(it.lines[0]).to.match(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*\n$/u);
        expect(() => it.all()).to.not.throw();
        expect(humanLine(it.lines[0] ?? '', false)).to.match(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u);
      }),
    );
  });

  it('cuts long texts', () => {
    expect(clean('x'.repeat(300))).to.equal(`${'x'.repeat(256)}…`);
    expect(clean('a\nb\u001b[31m\u202e')).to.equal('a\\u{a}b\\u{1b}[31m\\u{202e}');
  });

  it('is terse for people', () => {
    const line = JSON.stringify({
      level: 'warn',
      time: '2026-01-01T12:34:56.789Z',
      reason: 'policy_denied',
      detail: 'no rule',
      remote: '',
      trace_id: 'x',
      message: 'refused',
    });
    expect(humanLine(line, false)).to.equal('12:34:56.789 WARN  refused reason=policy_denied detail="no rule"');
    expect(humanLine(line, true)).to.equal(`\u001b[33m${humanLine(line, false)}\u001b[0m`);
    expect(humanLine('not \u001b json', true)).to.equal('not \\u{1b} json');
  });

  it('names its level, and the nearest while it is silent', () => {
    const log = startLog('silent', 'json');
    expect(log.level()).to.equal('fatal');
    log.setLevel('debug');
    expect(log.level()).to.equal('debug');
  });

  it('writes an error by its kind and message', () => {
    const it = scene();
    it.logger.error({ err: new TypeError('broken') }, 'a fault');
    expect(it.all()[0]?.['err']).to.include({ type: 'TypeError', message: 'broken' });
  });
});
