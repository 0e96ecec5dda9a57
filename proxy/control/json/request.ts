import { toBinary } from '@bufbuild/protobuf';
import { badField } from '../rpc/fault.js';
import type { JsonCall } from './calls.js';
import { bind, messageOfFields, messageOfText } from './fields.js';
import { fieldsIn, unescaped } from './query.js';

/** The parts of an HTTP request, without its verb. */
export interface JsonRequest {
  /** The part of the path that holds a field, percent-encoded. */
  readonly bound: string | undefined;
  readonly query: string;
  /** `Content-Type`, empty when there is none. */
  readonly contentType: string;
  readonly body: Buffer;
}

/** The media type of JSON with its only encoding, UTF-8 (RFC 8259 §8.1). */
const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?$/i;

/** Encodes the request of a call as gRPC sends it. Throws a Fault that names the field. */
export function requestOf(call: JsonCall, { bound, query, contentType, body }: JsonRequest): Buffer {
  const { input, takesBody } = call;
  if (!takesBody && body.length > 0)
    throw badField('body', `has no place in a ${call.verb}: the query holds the fields`);
  const fields = fieldsIn(query, input);
  const [one] = Object.keys(fields);
  if (takesBody && one !== undefined) throw badField(one, 'belongs into the body: this call has no query');
  const request = takesBody ? messageOfText(input, textOf(body, contentType)) : messageOfFields(input, fields);
  if (call.bound !== undefined) bind(input, request, call.bound, unescaped(bound ?? '', call.bound));
  return Buffer.from(toBinary(input, request));
}

/**
 * Returns the body as text; an absent body has no fields. The content type is required all the same: a page of another site can
 * make a browser that has a certificate send any other type or none, but this type only when CORS allows it.
 */
function textOf(body: Buffer, contentType: string): string {
  if (contentType === '') throw badField('content-type', 'is missing: it must be application/json');
  if (!JSON_TYPE.test(contentType)) throw badField('content-type', 'must be application/json');
  if (body.length === 0) return '{}';
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw badField('body', 'is not UTF-8');
  }
}
