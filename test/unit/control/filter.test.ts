import { expect } from 'chai';
import fc from 'fast-check';
import { type Moment, readFilter } from '../../../proxy/control/filter/filter.js';
import { FIELDS } from '../../../proxy/control/filter/filter-fields.js';
import {
  type FilterCondition,
  MAX_FILTER_CHARS,
  MAX_FILTER_COMPARISONS,
  MAX_FILTER_DEPTH,
  parseFilter,
} from '../../../proxy/control/filter/filter-parser.js';
import { NO_INVOCATIONS } from '../../../proxy/session/views/statistics.js';
import type { PeerView, SessionView } from '../../../proxy/session/views/view.js';
import { FakeClock } from '../../support/fake-clock.js';
import { identity } from '../../support/fixtures.js';

function view(given: Partial<SessionView> = {}): SessionView {
  const peer: PeerView = {
    uid: 'p1',
    meetupId: 'sub/8675309/00224dd149bb',
    sessionUid: 'u1',
    wouldDeny: undefined,
    traceparent: '',
    via: '',
    role: 'manager',
    rule: 'one',
    identity: identity({ subject: 'CN=manager,O=Micronets', uris: ['urn:a', 'urn:b'] }),
    peerClass: 'c',
    peerId: 'gw service 1',
    remote: '192.0.2.1',
    requestId: '',
    connectedAt: FakeClock.EPOCH,
    lastPongAt: 0,
    counters: { messagesIn: 0, bytesIn: 0, messagesOut: 0, bytesOut: 0 },
    backlog: 0,
    held: false,
  };
  return {
    uid: 'u1',
    meetupId: 'sub/8675309/00224dd149bb',
    state: 'paired',
    createdAt: FakeClock.EPOCH,
    pairedAt: FakeClock.EPOCH + 1000,
    ending: undefined,
    peers: [peer, { ...peer, uid: 'p2', role: 'gateway', identity: identity({ subject: 'O=Lab' }) }],
    invocations: NO_INVOCATIONS,
    ...given,
  };
}

/** An hour after the session began. */
const MOMENT: Moment = {
  figures: () => ({ inFlight: 2, errors: 3, latency: 1500, backlog: 65_536 }),
  now: FakeClock.EPOCH + 3_600_000,
};

function matches(text: string, given: Partial<SessionView> = {}): boolean {
  const reading = readFilter(text, 'replica-1', MOMENT);
  if ('fault' in reading) throw new Error(reading.fault);
  return reading.ok(view(given));
}

function faultOf(text: string): string {
  const reading = readFilter(text, 'replica-1', MOMENT);
  return 'fault' in reading ? reading.fault : 'none';
}

describe('filter', () => {
  const cases: readonly [string, boolean][] = [
    ['', true],
    ['   ', true],
    ['state = PAIRED', true],
    ['state=paired', true],
    ['state != PAIRED', false],
    ['meetup_id = "sub/8675309/00224dd149bb"', true],
    ['meetup_id = sub/8675309/*', true],
    ['meetup_id = "*149bb"', true],
    ['meetup_id = "*8675309*"', true],
    ['meetup_id = "sub/8675309"', false],
    ['meetup_id : 8675309', true],
    ['subject = "CN=manager,O=Micronets"', true],
    ["subject : 'O=Lab'", true],
    ['NOT subject : "O=Lab"', false],
    ['subject != "O=Lab"', false],
    ['subject != "O=Nobody"', true],
    ['uri = urn:b', true],
    ['role = gateway', true],
    ['peer_id = "gw service 1"', true],
    ['replica = replica-1', true],
    ['create_time >= 2026-01-01T00:00:00Z', true],
    ['create_time>2026-01-01T00:00:00Z', false],
    ['create_time < "2026-01-01T01:00:00+00:30"', true],
    ['pair_time = 2026-01-01T00:00:01Z', true],
    ['state = PAIRED AND uid = u2', false],
    ['state = PAIRED uid = u1', true],
    ['uid = u2 OR uid = u1', true],
    ['uid = u1 OR uid = u1 AND state = WAITING', false],
    ['uid = u1 OR (uid = u1 AND state = WAITING)', true],
    ['NOT (uid = u1 AND state = WAITING)', true],
    ['errors > 2', true],
    ['errors != 3', false],
    ['in_flight = 2', true],
    ['latency >= 1.5s', true],
    ['latency < 1500ms', false],
    ['backlog >= 64KiB', true],
    ['backlog <= 65535', false],
    ['age = 1h', true],
    ['age > 1h30m', false],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${JSON.stringify(text)} as ${expected}`, () => expect(matches(text)).to.equal(expected));
  }

  it('has no answer but != for what a session does not have', () => {
    expect(matches('pair_time < 2030-01-01T00:00:00Z', { pairedAt: undefined })).to.equal(false);
    expect(matches('pair_time != 2030-01-01T00:00:00Z', { pairedAt: undefined })).to.equal(true);
  });

  const faults: readonly [string, string][] = [
    ['nonsense = 1', 'character 1: no field "nonsense"'],
    ['constructor = 1', 'character 1: no field "constructor"'],
    ['state = BROKEN', 'character 9: state is one of WAITING, PAIRED'],
    ['state < PAIRED', 'character 7: state takes = and !=, not <'],
    ['meetup_id > a', 'character 11: meetup_id takes =, != and :, not >'],
    ['create_time < yesterday', 'character 15: create_time needs an RFC 3339 time'],
    ['create_time : 2026-01-01T00:00:00Z', 'character 13: create_time takes'],
    ['errors > few', 'character 10: errors: few: it is not a whole number'],
    ['errors : 3', 'character 8: errors takes =, !=, <, <=, > and >=, not :'],
    ['uid = u1 AND latency > 1', 'character 24: latency: 1: it is not a duration such as 500ms'],
    ['backlog > 1MB', 'character 11: backlog: 1MB: it is not a size such as 4096, 512KiB'],
    ['state', 'character 6: one of = != < <= > >= : is expected here, not the end'],
    ['state =', 'character 8: a value is expected here, not the end'],
    ['(state = PAIRED', 'character 16: ) is expected here, not the end'],
    ['state = PAIRED)', 'character 15: AND, OR or the end is expected here, not )'],
    ['state = PAIRED AND', 'character 19: a field is expected here, not the end'],
    ['uid = "u1', 'character 7: the quote does not end'],
    [`${'('.repeat(MAX_FILTER_DEPTH + 1)}uid = u1`, `more than ${MAX_FILTER_DEPTH} levels of brackets`],
    [`uid = u1${' OR uid = u1'.repeat(MAX_FILTER_COMPARISONS)}`, `more than ${MAX_FILTER_COMPARISONS} conditions`],
    ['x'.repeat(MAX_FILTER_CHARS + 1), `it is longer than ${MAX_FILTER_CHARS} characters`],
  ];
  for (const [text, fault] of faults) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => expect(faultOf(text)).to.contain(fault));
  }

  it('has no figures where it must stay true until the next event', () => {
    const reading = readFilter('errors > 0', 'replica-1');
    expect(reading).to.deep.equal({
      fault: 'character 1: errors changes without an event: a list can ask for it, a watch cannot',
    });
  });

  it('never throws, whatever the text', () => {
    const piece = fc.constantFrom(
      ...['state', 'uid', '=', '!=', ':', '(', ')', ' ', 'AND', 'OR', 'NOT', '"', "'", '\\'],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(piece, { maxLength: 30 }).map((all) => all.join('')),
    );
    fc.assert(fc.property(text, (one) => 'ok' in readFilter(one, 'r') || faultOf(one) !== 'none'));
  });

  it('reads back every condition that can be written', () => {
    fc.assert(
      fc.property(condition, (written) => {
        const parsed = parseFilter(print(written));
        expect('ok' in parsed && parsed.ok && flat(parsed.ok)).to.deep.equal(flat(written));
      }),
    );
  });
});

const comparison: fc.Arbitrary<FilterCondition> = fc.record({
  t: fc.constant('is' as const),
  field: fc.constantFrom(...Object.keys(FIELDS)),
  op: fc.constantFrom('=', '!=', '<', '<=', '>', '>=', ':'),
  value: fc.string({ maxLength: 8 }),
  at: fc.constant({ field: 0, op: 0, value: 0 }),
});
const { condition } = fc.letrec<{ condition: FilterCondition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'filter' },
    comparison,
    tie('condition').map((of) => ({ t: 'not' as const, of })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('condition'), { minLength: 2, maxLength: 3 }))
      .map(([t, of]) => ({ t, of })),
  ),
}));

/** Writes a condition with brackets wherever they are allowed. */
function print(one: FilterCondition): string {
  switch (one.t) {
    case 'is':
      return `${one.field} ${one.op} "${one.value.replaceAll(/["\\]/g, '\\$&')}"`;
    case 'not':
      return `NOT (${print(one.of)})`;
    case 'and':
    case 'or':
      return one.of.map((part) => `(${print(part)})`).join(one.t === 'and' ? ' AND ' : ' OR ');
  }
}

/** Leaves out positions in the text, which printing does not keep. */
function flat(one: FilterCondition): unknown {
  return JSON.parse(JSON.stringify(one, (key, value) => (key === 'at' ? undefined : value)));
}
