import type { DescField } from '@bufbuild/protobuf';
import { CONTROL_SERVICE } from '../../rpc/contract.js';
import type { JsonCall } from '../calls.js';
import type { Components } from './components.js';
import type { Schema } from './field-schema.js';

/** One call as OpenAPI has it. */
export interface DescribedCall {
  readonly path: string;
  /** In small letters. */
  readonly verb: string;
  readonly operation: Schema;
}

/** Describes a call: where it is, what it takes, and what it answers. */
export function describedCall(call: JsonCall, components: Components): DescribedCall {
  const { name } = call;
  const description = components.commentOf(`${CONTROL_SERVICE}.${name}`);
  const { path, held } = placeOf(call.template);
  const parameters = [...held.map(pathParameter), ...(call.takesBody ? [] : queryOf(call, components))];
  const operation = {
    operationId: name,
    summary: /^.*?[.;](?=\s|$)/s.exec(description)?.[0].replace(/[.;]$/, '') ?? description,
    description,
    ...(parameters.length > 0 && { parameters }),
    ...(call.takesBody && {
      requestBody: { required: true, content: json(components.request(call.input, call.bound)) },
    }),
    responses: { 200: answerOf(call, components), default: { $ref: '#/components/responses/Failure' } },
  };
  return { path, verb: call.verb.toLowerCase(), operation };
}

/** A part of a path that is not fixed: a resource of a collection. */
interface Held {
  readonly collection: string;
  readonly resource: string;
}

/** `/v1/{name=sessions/*}:kick` → `/v1/sessions/{session}:kick`. Throws on a template of another kind. */
function placeOf(template: string): { readonly path: string; readonly held: readonly Held[] } {
  const held: Held[] = [];
  const path = template.replace(/\{\w+=(\w+)s\/\*\}/, (_, resource: string) => {
    held.push({ collection: `${resource}s`, resource });
    return `${resource}s/{${resource}}`;
  });
  if (/[=*]/.test(path)) throw new Error(`a template of a kind that is not described here: ${template}`);
  return { path, held };
}

function pathParameter({ collection, resource }: Held): Schema {
  return {
    name: resource,
    in: 'path',
    required: true,
    description: `The \`name\` of the ${resource} without \`${collection}/\`: its uid.`,
    schema: { type: 'string', pattern: '^[^/:]+$' },
  };
}

function queryOf({ input, bound }: JsonCall, components: Components): Schema[] {
  return input.fields.filter(({ name }) => name !== bound).map((field) => queryParameter(field, components));
}

function queryParameter(field: DescField, components: Components): Schema {
  const { description, ...schema } = components.field(field);
  return { name: field.jsonName, in: 'query', description, schema };
}

function answerOf({ streams, output }: JsonCall, components: Components): Schema {
  const schema = components.answer(output);
  if (!streams) return { description: components.commentOf(output.typeName), content: json(schema) };
  const failed = { $ref: '#/components/schemas/StreamFailure' };
  return {
    description: `A JSON object on each line. ${components.commentOf(output.typeName)}`,
    content: { 'application/x-ndjson': { schema: { anyOf: [schema, failed] } } },
  };
}

function json(schema: Schema): Schema {
  return { 'application/json': { schema } };
}
