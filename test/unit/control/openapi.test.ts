import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, type JsonObject, toJson } from '@bufbuild/protobuf';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { jsonCalls } from '../../../proxy/control/json/calls.js';
import { messageOfText } from '../../../proxy/control/json/fields.js';
import { routeOf } from '../../../proxy/control/json/route.js';
import { CONTROL_SERVICE } from '../../../proxy/control/rpc/contract.js';
import { CONTROL_RIGHTS } from '../../../proxy/control/rpc/rights.js';
import { filledMessage } from '../../support/filled-message.js';
import { OpenApiJudge, openApiDocument, type Part } from '../../support/openapi.js';
import { ROOT, textOf } from '../../support/sources.js';

const document = openApiDocument();
const operations = Object.entries(document.paths).flatMap(([path, verbs]) =>
  Object.entries(verbs).map(([verb, operation]) => ({ path, verb, operation })),
);

/** Every object and list of the document, the innermost too. */
function partsOf(value: unknown): Part[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value as Part, ...Object.values(value).flatMap(partsOf)];
}

describe('proto/openapi.yaml', function () {
  // The compiler of the contract starts.
  this.timeout(30_000);

  it('is what proto/ says', () => {
    const fresh = mkdtempSync(join(tmpdir(), 'wsg-'));
    try {
      execFileSync(process.execPath, [join(ROOT, 'proto/openapi.mjs'), fresh]);
      const made = readFileSync(join(fresh, 'proto/openapi.yaml'), 'utf8');
      expect(made, 'run "npm run generate"').to.equal(textOf('proto/openapi.yaml'));
    } finally {
      rmSync(fresh, { recursive: true });
    }
  });

  it('is a document of OpenAPI 3.1 whose references lead somewhere', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(textOf('proto/openapi.yaml'));
    expect(valid, JSON.stringify(errors)).to.equal(true);
    expect(validator.version).to.equal('3.1');
    const references = partsOf(document).flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));
    expect(references).not.to.have.length(0);
    for (const reference of references) {
      const steps = reference.replace(/^#\//, '').split('/');
      expect(
        steps.reduce<unknown>((at, step) => (at as Part)[step], document),
        reference,
      ).to.be.an('object');
    }
  });

  it('has each call once, where the service has it', () => {
    expect(operations.map(({ operation }) => operation.operationId)).to.have.members(Object.keys(CONTROL_RIGHTS));
    for (const { path, verb, operation } of operations) {
      const route = routeOf(verb.toUpperCase(), path.replace(/\{\w+\}/, 'uid'));
      const found = route.t === 'call' ? route.call.grpcPath : route.t;
      expect(found, path).to.equal(`/${CONTROL_SERVICE}/${operation.operationId}`);
    }
  });

  it('has each field of each request where the service reads it', () => {
    for (const { operation } of operations) {
      const call = jsonCalls.find(({ name }) => name === operation.operationId);
      const wanted = call?.input.fields.filter(({ name }) => name !== call.bound).map(({ jsonName }) => jsonName);
      const query = operation.parameters?.filter((one) => one.in === 'query').map(({ name }) => name) ?? [];
      const { $ref = '' } = operation.requestBody?.content['application/json']?.schema ?? {};
      const body = document.components.schemas[String($ref).split('/').at(-1) ?? ''];
      expect([...query, ...Object.keys(body?.['properties'] ?? {})], operation.operationId).to.have.members(
        wanted ?? [],
      );
      expect(call?.takesBody, operation.operationId).to.equal(operation.requestBody !== undefined);
    }
  });

  it('says of everything what it is', () => {
    const { StreamFailure: _, ...schemas } = document.components.schemas;
    const told = [
      ...operations.flatMap(({ operation }) => [operation, ...(operation.parameters ?? [])]),
      ...Object.values(schemas).flatMap((schema) => [schema, ...Object.values(schema['properties'] ?? {})]),
    ];
    for (const part of told) expect(part, JSON.stringify(part)).to.have.property('description').that.is.not.empty;
  });

  it('is true of each answer and each line of a stream, with nothing in it and with everything', () => {
    const judge = new OpenApiJudge();
    for (const { name, output } of jsonCalls) {
      for (const message of [create(output), filledMessage(output)]) {
        judge.answer(name, toJson(output, message, { alwaysEmitImplicit: true }));
      }
    }
    expect([...judge.judged]).to.have.members(judge.operations);
  });

  it('is true of each body that the service reads, with everything in it', () => {
    const judge = new OpenApiJudge();
    for (const { name, input, bound } of jsonCalls.filter(({ takesBody }) => takesBody)) {
      const { [bound ?? '']: _, ...body } = toJson(input, filledMessage(input)) as JsonObject;
      judge.request(name, body);
      expect(() => messageOfText(input, JSON.stringify(body)), name).not.to.throw();
    }
  });

  it('refuses in a request what the service refuses', () => {
    const judge = new OpenApiJudge();
    judge.request('ExplainAccess', { meetupId: 'sub/1', peerUid: 'x' });
    judge.request('BlockPeer', { fingerprint: 'f', duration: '1.5s', reason: 'lost' });
    for (const [operation, body] of [
      ['ExplainAccess', { meetupId: 'sub/1', peerUid: 'x', fingerprint: 'y' }],
      ['BlockPeer', { fingerprnt: 'f' }],
      ['BlockPeer', { duration: '10m' }],
      ['BlockPeer', { reason: 1 }],
      ['KickSession', { name: 'sessions/1' }],
      ['DrainReplica', { batchSize: 'many' }],
      ['DrainReplica', []],
    ] as const) {
      expect(() => judge.request(operation, body), JSON.stringify(body)).to.throw('is not as described');
    }
    expect(() => judge.answer('ListSessions', { sessions: [] })).to.throw("must have required property 'totalSize'");
    expect(() => judge.failure({ code: 5, message: '', details: [{ '@type': 'x' }] })).to.throw('is not as described');
  });
});
