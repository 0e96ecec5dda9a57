import { status as Code } from '@grpc/grpc-js';
import { expect } from 'chai';
import fc from 'fast-check';
import { type JsonCall, jsonCalls } from '../../../../proxy/control/json/calls.js';
import { type JsonRequest, requestOf } from '../../../../proxy/control/json/request.js';
import { codecOf } from '../../../../proxy/control/rpc/contract.js';
import { detailIn, errorInfoIn } from '../../../../proxy/control/rpc/error-details.js';
import { Fault } from '../../../../proxy/control/rpc/fault.js';

const JSON_TYPE = 'application/json';

function callNamed(name: string): JsonCall {
  const found = jsonCalls.find(({ grpcPath }) => grpcPath.endsWith(`/${name}`));
  if (found === undefined) throw new Error(`no call ${name}`);
  return found;
}

/** Reads the message of a call as the gRPC server does. */
function read(name: string, given: { body?: string; query?: string; bound?: string; type?: string }): object {
  const { body = '', query = '', bound, type = JSON_TYPE } = given;
  const request: JsonRequest = { bound, query, contentType: type, body: Buffer.from(body, 'latin1') };
  const call = callNamed(name);
  return codecOf(call.input.typeName).deserialize(requestOf(call, request));
}

/** Prefix of the result of `refusal` for a call that is not refused. No name of a field begins like it. */
const TAKEN = '(taken)';

/** `field: description` of the one violation that the call is refused with. */
function refusal(name: string, given: Parameters<typeof read>[1]): string {
  try {
    return `${TAKEN} ${JSON.stringify(read(name, given))}`;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const [trailer] = error.toStatus().metadata.get('grpc-status-details-bin') as [Buffer];
    expect([error.code, errorInfoIn(trailer)?.reason]).to.deep.equal([Code.INVALID_ARGUMENT, 'FIELD_INVALID']);
    const bad = detailIn<{ field_violations: { field: string; description: string }[] }>(trailer, 'BadRequest');
    return bad?.field_violations.map(({ field, description }) => `${field}: ${description}`).join() ?? 'nothing';
  }
}

const kick = { bound: 'sessions/a' };

describe('a request in JSON', () => {
  it('is read by either spelling of a field, with the mapping’s types', () => {
    const wanted = {
      name: 'sessions/a',
      peer_uid: 'p',
      reason: 'r',
      block_duration: { seconds: '1', nanos: 500_000_000 },
    };
    const body = { peerUid: 'p', reason: 'r', blockDuration: '1.5s', requestId: null };
    expect(read('KickSession', { ...kick, body: JSON.stringify(body) })).to.deep.include(wanted);
    const other = { peer_uid: 'p', reason: 'r', block_duration: '1.500s' };
    expect(read('KickSession', { ...kick, body: JSON.stringify(other) })).to.deep.include(wanted);
    expect(read('KickSession', { ...kick, body: '{"name": "sessions/a"}' })).to.include({ name: 'sessions/a' });
    expect(
      read('DrainReplica', { body: ' {"batchSize": "7"}\r\n', type: 'Application/JSON; charset=UTF-8' }),
    ).to.include({
      batch_size: 7,
    });
    expect(read('DrainReplica', {})).to.include({ batch_size: 0, replica: '' });
  });

  for (const [body, refused] of [
    ['{"peerUID": "p"}', /^peerUID: is no field of KickSessionRequest, which has name, peerUid, reason, /],
    ['{"blockduration": "60s"}', /^blockduration: is no field/],
    ['{"peer_UID": null}', /^peer_UID: is no field/],
    ['{"__proto__": {}}', /^__proto__: is no field/],
    ['{"toString": 1}', /^toString: is no field/],
    ['{"": 1}', /^: is no field/],
    ['{"[google.api.http]": {}}', /^\[google.api.http\]: is no field/],
    [`{"${'x'.repeat(70)}": 1}`, /^x{64}…: is no field/],
    ['{"peerUid": 1}', /^peerUid: must be a text$/],
    ['{"peerUid": ["p"]}', /^peerUid: must be a text$/],
    ['{"peerUid": "\\ud800"}', /^peerUid: must be a text$/],
    ['{"blockDuration": 60}', /^blockDuration: must be a duration in seconds, such as "1.5s"$/],
    ['{"blockDuration": "60"}', /^blockDuration: must be a duration/],
    ['{"blockDuration": "1m"}', /^blockDuration: must be a duration/],
    ['{"blockDuration": {"seconds": 60}}', /^blockDuration: must be a duration/],
    ['{"blockDuration": {"second": 60}}', /^blockDuration: must be a duration/],
    ['{"peerUid": "p", "peerUid": "p"}', /^peerUid: is given twice$/],
    ['{"peerUid": "p", "peer\\u0055id": "q"}', /^peerUid: is given twice$/],
    ['{"peerUid": "p", "peer_uid": "q"}', /^peer_uid: set multiple times$/],
    ['{"reason": "x"} {}', /^body: is not JSON: /],
    ['{"reason": "x",}', /^body: is not JSON: /],
    ["{'reason': 'x'}", /^body: is not JSON: /],
    ['{"reason": NaN}', /^body: is not JSON: /],
    ['// x\n{}', /^body: is not JSON: /],
    ['\xef\xbb\xbf{}', /^body: is not JSON: /],
    ['{"reason": "\xe9"}', /^body: is not UTF-8$/],
    ['[]', /^body: must be a JSON object$/],
    ['null', /^body: must be a JSON object$/],
    ['"x"', /^body: must be a JSON object$/],
    ['{"name": "sessions/b"}', /^name: is another one than that in the path$/],
  ] as const) {
    it(`refuses ${body.slice(0, 60)}`, () => {
      expect(refusal('KickSession', { ...kick, body })).to.match(refused);
    });
  }

  for (const [name, given, refused] of [
    ['DrainReplica', { body: '{"batchSize": 1.5}' }, 'batchSize: must be an integer in its range'],
    ['DrainReplica', { body: '{"batchSize": "0x10"}' }, 'batchSize: must be an integer in its range'],
    ['DrainReplica', { body: '{"batchSize": 2147483648}' }, 'batchSize: must be an integer in its range'],
    ['DrainReplica', { body: '{"batchSize": 1e999}' }, 'batchSize: must be an integer in its range'],
    ['DrainReplica', { body: '{}', query: 'replica=a' }, 'replica: belongs into the body: this call has no query'],
    ['DrainReplica', { body: '{}', query: 'replca=a' }, 'replca: is no field of DrainReplicaRequest'],
    ['ReloadPolicy', { body: '{"x": 1}' }, 'x: is no field of ReloadPolicyRequest, which has none'],
    [
      'ExplainAccess',
      { body: '{"certificatePem": "a", "peerUid": "b"}' },
      'subject: oneof set multiple times by certificate_pem and peer_uid',
    ],
    ['DrainReplica', { body: '{}', type: 'text/plain' }, 'content-type: must be application/json'],
    ['DrainReplica', { type: 'application/x-www-form-urlencoded' }, 'content-type: must be application/json'],
    [
      'DrainReplica',
      { body: '{}', type: 'application/json; charset=utf-16' },
      'content-type: must be application/json',
    ],
    ['DrainReplica', { body: '{}', type: '' }, 'content-type: is missing'],
    ['DrainReplica', { type: '' }, 'content-type: is missing'],
    ['ListSessions', { body: '{}' }, 'body: has no place in a GET: the query holds the fields'],
    ['UnblockPeer', { body: 'x', bound: 'blocks/1' }, 'body: has no place in a DELETE'],
    ['ListSessions', { query: 'pagesize=1' }, 'pagesize: is no field of ListSessionsRequest'],
    ['ListSessions', { query: 'filter.x=1' }, 'filter.x: is no field'],
    ['ListSessions', { query: 'pageSize=' }, 'pageSize: must be an integer'],
    ['ListSessions', { query: 'pageSize=+1' }, 'pageSize: must be an integer'],
    ['ListSessions', { query: 'pageSize=1&page_size=1' }, 'page_size: is given twice'],
    ['ListSessions', { query: 'filter=%E9' }, 'filter: is not percent-encoded UTF-8'],
    ['ListSessions', { query: 'filter=100%' }, 'filter: is not percent-encoded UTF-8'],
    ['TapSession', { query: 'includeBodies=yes', bound: 'sessions/a' }, 'includeBodies: must be true or false'],
    ['TapSession', { query: 'includeBodies', bound: 'sessions/a' }, 'includeBodies: must be true or false'],
    ['WatchSessions', { query: 'heartbeatInterval=10' }, 'heartbeatInterval: must be a duration'],
    ['GetSession', { query: 'name=sessions%2Fb', bound: 'sessions/a' }, 'name: is another one than that in the path'],
    ['GetSession', { bound: 'sessions/%' }, 'name: is not percent-encoded UTF-8'],
  ] as const) {
    it(`refuses ${name} ${JSON.stringify(given)}`, () => {
      expect(refusal(name, given)).to.satisfy((told: string) => told.startsWith(refused), refused);
    });
  }

  it('takes fields of a query, where + is a space', () => {
    const query = 'filter=state+%3D+PAIRED%2b1&page_size=5&&orderBy=create_time%20desc';
    const wanted = { filter: 'state = PAIRED+1', page_size: 5, order_by: 'create_time desc' };
    expect(read('ListSessions', { query })).to.include(wanted);
    const tapped = read('TapSession', { query: 'include_bodies=true&maxBodyBytes=9', bound: 'sessions/a+%20b' });
    expect(tapped).to.include({ include_bodies: true, max_body_bytes: 9, name: 'sessions/a+ b' });
  });

  it('property: any text in a query arrives as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (filter) => {
        const query = new URLSearchParams({ filter }).toString();
        expect(read('ListSessions', { query })).to.include({ filter });
      }),
    );
  });

  const written = jsonCalls.filter(({ takesBody }) => takesBody);
  const nameOf = ({ grpcPath }: JsonCall): string => grpcPath.slice(grpcPath.lastIndexOf('/') + 1);

  it('property: whatever JSON a body is, it is taken only if each of its fields is known', () => {
    fc.assert(
      fc.property(fc.constantFrom(...written), fc.jsonValue(), (call, value) => {
        const told = refusal(nameOf(call), { body: utf8(JSON.stringify(value)), bound: 'sessions/a' });
        const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
        if (!isObject || Object.keys(value).length > 0) expect(told).not.to.match(/^\(taken\) /);
      }),
    );
  });

  it('property: one field too many, wherever it stands, is named', () => {
    const known = new Set(
      written.flatMap(({ input }) => input.fields.flatMap(({ name, jsonName }) => [name, jsonName])),
    );
    const unknown = fc
      .oneof(
        fc.constantFrom(...known).map((name) => name.toUpperCase()),
        fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' }),
      )
      .filter((name) => !known.has(name));
    fc.assert(
      fc.property(fc.constantFrom(...written), unknown, fc.jsonValue(), fc.nat(), (call, name, value, at) => {
        const right = call.input.fields.filter(({ fieldKind }) => fieldKind === 'scalar').slice(0, 2);
        const fields = right.map(({ jsonName }): [string, unknown] => [jsonName, null]);
        fields.splice(at % (fields.length + 1), 0, [name, value]);
        const members = fields.map(([key, one]) => `${JSON.stringify(key)}:${JSON.stringify(one)}`);
        const told = refusal(nameOf(call), { body: utf8(`{${members.join()}}`), bound: 'sessions/a' });
        expect(told.startsWith(`${name}: is no field of ${call.input.name}`), told).to.equal(true);
      }),
    );
  });

  it('property: a body of any bytes is taken or refused as a wrong field, never otherwise', () => {
    const valid = '{"peerUid":"p","reason":"r","blockDuration":"60s"}';
    const broken = fc.tuple(fc.nat(valid.length), fc.nat(3), fc.string({ maxLength: 3, unit: 'binary' }));
    fc.assert(
      fc.property(broken, ([at, cut, text]) => {
        refusal('KickSession', { ...kick, body: utf8(valid.slice(0, at) + text + valid.slice(at + cut)) });
      }),
    );
  });
});

/** The form of bodies for `read`: one character for each byte. */
function utf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}
