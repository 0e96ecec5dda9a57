import { expect } from 'chai';
import fc from 'fast-check';
import { RequestHeads } from '../../../proxy/telemetry/calls/request-heads.js';
import {
  FAILING_MEETUPS,
  FAILURE_LINES,
  FAILURE_WINDOW,
  FailureLines,
} from '../../../proxy/telemetry/logs/failure-lines.js';
import { humanLine } from '../../../proxy/telemetry/logs/human.js';
import { LogInvocations } from '../../../proxy/telemetry/logs/log-invocations.js';
import { LogObserver } from '../../../proxy/telemetry/logs/log-observer.js';
import { createLogger, startLog } from '../../../proxy/telemetry/logs/logger.js';
import { MAX_MEETUP_LEVELS, MeetupLevels } from '../../../proxy/telemetry/logs/meetup-levels.js';
import { refusal } from '../../../proxy/wire/close.js';
import { clean } from '../../../proxy/wire/safe-text.js';
import { FakeClock } from '../../support/fake-clock.js';
import { Meeting, request, response } from '../../support/pair.js';
import { watch } from '../../support/watch.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const UPGRADE = '00-11111111111111111111111111111111-2222222222222222-01';

function scene(level: 'debug' | 'info' = 'info') {
  const clock = new FakeClock();
  const lines: string[] = [];
  const logger = createLogger(level, { write: (line) => lines.push(line) });
  const levels = new MeetupLevels(logger, clock);
  const observer = new LogObserver(levels, clock);
  const failures = new FailureLines(levels);
  failures.start(clock);
  const logged = new LogInvocations(logger, levels, failures);
  const heads = new RequestHeads(64 * 1024);
  const { invocations, turn } = watch(clock, { readers: [logged.details], late: [logged], heads });
  invocations.start();
  const meeting = new Meeting({ readers: [observer], messages: invocations, clock });
  const all = (): Record<string, unknown>[] => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { clock, lines, logger, levels, failures, observer, meeting, turn, all };
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

  it('writes down a call that failed at level info, with its meetup, trace, outcome and times, and no other', () => {
    const it = scene();
    const pair = it.meeting.pair();
    const headers = [{ name: 'traceparent', value: `00-${TRACE}-b7ad6b7169203331-00` }];
    for (const [id, status] of [200, 404, 502].entries()) {
      pair.manager.receive(request(id + 1, { path: `/a/${status}?key=hunter2`, headers, messageBody: 'hunter2' }));
      it.turn();
      it.clock.advance(40);
      pair.gateway.receive(response(id + 1, status, { messageBody: 'hunter2' }));
      it.turn();
    }
    pair.manager.receive(request(7, { path: '/lost', headers }));
    it.turn();
    it.clock.advance(30_250);
    const calls = it.all().filter(({ message }) => message === 'invocation');
    expect(calls.map(({ path, status, failure, outcome }) => [path, status, failure, outcome])).to.deep.equal([
      ['/a/502', 502, 'answered_5xx', 'http_error'],
      ['/lost', undefined, 'not_answered', 'timeout'],
    ]);
    const [bad, lost] = calls;
    expect(bad).to.include({ level: 'info', meetup: 'sub/1', session: pair.session.uid, trace_id: TRACE });
    expect(bad).to.include({ peer_ms: 40, proxy_ms: 0, method: 'GET', asked: 'gateway' });
    expect(lost).to.include({ level: 'info', trace_id: TRACE, proxy_ms: 0 });
    expect(it.lines.join('')).to.not.include('hunter2');
    expect(humanLine(it.lines.find((line) => line.includes('/lost')) ?? '', false)).to.include(`trace_id=${TRACE}`);
  });

  it('bounds the lines of failed calls for each meetup, and says how many it left out', () => {
    const it = scene();
    const [one, two] = ['sub/1', 'sub/2'].map((meetupId) => it.meeting.pair({ meetupId }));
    const fail = (pair: typeof one, times: number): void => {
      for (let id = 1; id <= times; id += 1) {
        pair?.manager.receive(request(id));
        pair?.gateway.receive(response(id, 500));
        it.turn();
      }
    };
    const told = () =>
      it
        .all()
        .flatMap(({ meetup, outcome, left_out: out }) => (outcome || out ? [`${meetup} ${out ?? ''}`.trim()] : []));
    fail(one, FAILURE_LINES + 7);
    fail(two, 1);
    const shown = [...Array.from({ length: FAILURE_LINES }, () => 'sub/1'), 'sub/2'];
    expect(told()).to.deep.equal(shown);
    it.clock.advance(FAILURE_WINDOW);
    expect(told()).to.deep.equal([...shown, 'sub/1 7']);
    it.clock.advance(FAILURE_WINDOW);
    fail(one, 1);
    expect(told()).to.deep.equal([...shown, 'sub/1 7', 'sub/1']);
  });

  it('bounds the meetups that have lines of failed calls, and sums up those of the rest', () => {
    const it = scene();
    const taken = Array.from({ length: FAILING_MEETUPS + 3 }, (_, n) => it.failures.take(`sub/${n}`));
    expect(taken.filter((one) => one)).to.have.length(FAILING_MEETUPS);
    it.failures.flush();
    expect(it.all().map(({ left_out: out, message }) => [out, message])).to.deep.equal([
      [3, 'invocations failed without a line of their own, of further meetups'],
    ]);
    expect(it.failures.take('sub/new')).to.equal(true);
  });

  it('has another level for a meetup, for a time', () => {
    const it = scene();
    const [loud, usual] = ['sub/1', 'sub/2'].map((meetupId) => it.meeting.pair({ meetupId }));
    const call = (): unknown[] => {
      it.lines.length = 0;
      for (const pair of [loud, usual]) {
        pair?.manager.receive(request(1, { path: '/a' }));
        pair?.gateway.receive(response(1));
        it.turn();
      }
      return it.all().map(({ level, meetup, path }) => [level, meetup, path]);
    };
    expect(call()).to.deep.equal([]);
    expect(it.levels.set('sub/1', 'debug', 60_000, 'CN=ops')).to.include({ level: 'debug', by: 'CN=ops' });
    expect(call()).to.deep.equal([['debug', 'sub/1', '/a']]);
    it.clock.advance(59_999);
    expect(call()).to.have.length(1);
    it.clock.advance(1);
    expect([call(), it.levels.list()]).to.deep.equal([[], []]);
    it.levels.set('sub/1', 'debug', 60_000, 'CN=ops');
    it.levels.set('sub/1', 'warn', 1_000, 'CN=ops');
    expect(it.levels.list().map(({ level }) => level)).to.deep.equal(['warn']);
    it.lines.length = 0;
    loud?.gateway.gone();
    expect(it.lines).to.deep.equal([]);
    expect([it.levels.lift('sub/1'), it.levels.lift('sub/1')]).to.deep.equal([true, false]);
    usual?.gateway.gone();
    expect(it.all().map(({ message, meetup }) => [message, meetup])).to.deep.include(['session ended', 'sub/2']);
  });

  it('bounds the meetups that have a level of their own', () => {
    const it = scene();
    for (let n = 0; n < MAX_MEETUP_LEVELS; n += 1) it.levels.set(`sub/${n}`, 'debug', 1_000, '');
    expect(it.levels.set('sub/more', 'debug', 1_000, '')).to.equal(undefined);
    expect(it.levels.set('sub/0', 'trace', 500, '')).to.include({ level: 'trace' });
    expect(it.levels.list()[0]).to.include({ meetupId: 'sub/0' });
    it.clock.advance(1_000);
    expect(it.levels.list()).to.deep.equal([]);
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
