import { readFilter } from '../../../proxy/control/filter/filter.js';
import { jsonCalls } from '../../../proxy/control/json/calls.js';
import { requestOf } from '../../../proxy/control/json/request.js';
import { routeOf } from '../../../proxy/control/json/route.js';
import { Fault } from '../../../proxy/control/rpc/fault.js';
import { readQuestion } from '../../../proxy/page/question.js';
import { NO_FIGURES } from '../../../proxy/session/views/overview.js';
import { NO_INVOCATIONS } from '../../../proxy/session/views/statistics.js';
import { targetOf } from '../../../proxy/telemetry/calls/query.js';
import { broken, parser } from '../target.js';
import { JSON_WORDS } from './words.js';

const session = {
  uid: 'u1',
  meetupId: 'sub/1',
  sequence: 1,
  state: 'waiting' as const,
  createdAt: 0,
  pairedAt: 0,
  ending: undefined,
  peers: [],
  invocations: NO_INVOCATIONS,
};

const MOMENT = { figures: () => NO_FIGURES, now: 1 };

/** A filter answers yes or no, or has a fault that says where. */
export const filter = parser(
  'filter',
  [
    'meetup_id',
    ' = ',
    '"a*"',
    ' AND ',
    ' OR ',
    'NOT ',
    '(',
    ')',
    'state',
    'PAIRED',
    ':',
    '!=',
    '>=',
    'peers.subject',
    'errors',
    'latency',
    'backlog',
    '1h30m',
    '64KiB',
    '-',
    '\\"',
  ],
  (input) => {
    const read = readFilter(input.toString(), 'replica', MOMENT);
    if ('fault' in read) {
      if (read.fault === '') broken('the fault says nothing');
    } else if (typeof read.ok(session) !== 'boolean') broken('it says neither yes nor no');
  },
);

/** The first line is verb, path and query; what is below is the body. A request of the contract, or a fault that names the field. */
export const controlRequest = parser(
  'control-request',
  [
    ...JSON_WORDS,
    'POST ',
    'GET ',
    '/v1/sessions',
    ':kick',
    ':tap',
    '/v1/blocks',
    '/v1/drain',
    '?',
    '&',
    '"reason":',
    '"duration":"60s"',
    'pageSize=',
    'filter=',
  ],
  (input) => {
    const text = input.toString('latin1');
    const [line = '', ...rest] = text.split('\n');
    const [verb = '', target = ''] = line.split(' ');
    const [path = '', query = ''] = target.split('?', 2);
    const route = routeOf(verb, path);
    const calls =
      route.t === 'call' ? [{ call: route.call, bound: route.bound }] : jsonCalls.map((call) => ({ call, bound: 'a' }));
    for (const { call, bound } of calls) {
      const body = Buffer.from(call.takesBody ? rest.join('\n') : '', 'latin1');
      try {
        requestOf(call, { bound, query: call.takesBody ? '' : query, contentType: 'application/json', body });
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
      }
    }
  },
);

/** The page's question has numbers that are numbers. */
export const pageQuestion = parser(
  'page-question',
  ['?', '&', '=', 'filter=', 'offset=', 'state=paired', '%', '+'],
  (input) => {
    const read = readQuestion(input.toString('latin1'));
    if ('ok' in read && !Number.isSafeInteger(read.ok.offset)) broken('the offset is no whole number');
  },
);

/** A query in a span has no secret: the value of a secret's name is gone, however the name is written. */
export const query = parser(
  'query',
  ['?', '&', '=', 'token=SECRET', 'to%6ben=SECRET', 'key=SECRET', '%', '+', 'a=b'],
  (input) => {
    const shown = targetOf(input.toString(), [{ name: 'token', value: 'SECRET-OF-PAIR' }]);
    if (shown.query.includes('SECRET-OF-PAIR')) broken('a secret is shown');
    if (/(?:^|&)token=(?!REDACTED)/.test(shown.query) && shown.query.length < 1000) broken('a token is shown');
  },
);
