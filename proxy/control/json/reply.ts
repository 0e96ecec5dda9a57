import type { ServerResponse } from 'node:http';
import { status as Code, type StatusObject } from '@grpc/grpc-js';
import { jsonText } from '../../wire/json-text.js';
import { Fault } from '../rpc/fault.js';
import { httpStatusOf, statusJson } from './answer.js';

const JSON_TYPE = 'application/json';
/** Content type of an answer with one JSON value on each line. */
const LINES_TYPE = 'application/x-ndjson';

/** Answers with one JSON value on one line. */
export function reply(response: ServerResponse, status: number, line: string): void {
  response.writeHead(status, { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(line) });
  response.end(line);
}

/** Answers with a failure as google.rpc.Status. `status` is the HTTP status where the code alone does not determine it. */
export function refuse(response: ServerResponse, failure: StatusObject, status = httpStatusOf(failure.code)): void {
  reply(response, status, `${jsonText(statusJson(failure))}\n`);
}

/** Refuses a verb that this path has no use for. */
export function refuseVerb(response: ServerResponse, verb: string, allow: string): void {
  response.setHeader('allow', allow);
  refuse(response, new Fault(Code.UNIMPLEMENTED, 'VERB_UNKNOWN', `${verb} is no call here: ${allow}`).toStatus(), 405);
}

/** Begins an answer of many lines. */
export function beginLines(response: ServerResponse): void {
  if (response.headersSent) return;
  response.writeHead(200, { 'content-type': LINES_TYPE });
  response.flushHeaders();
}

/** Ends an answer of many lines with a failure: `{"error": …}`. */
export function failLines(response: ServerResponse, failure: StatusObject): void {
  response.end(`${jsonText({ error: statusJson(failure) })}\n`);
}
