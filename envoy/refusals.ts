import { status as Code } from '@grpc/grpc-js';
import { statusJson } from '../proxy/control/json/answer.js';
import { Fault, pathUnknown } from '../proxy/control/rpc/fault.js';
import { refusalBody } from '../proxy/door/refuse.js';
import { type RefusalLabel, refusal } from '../proxy/wire/close.js';
import { jsonText } from '../proxy/wire/json-text.js';
import type { EdgeSettings } from './settings.js';

/** The refusals that the edge gives itself; their words come from the one table, so they cannot drift. */
const told = [
  'not_found',
  'meetup_id_invalid',
  'upgrade_required',
  'request_invalid',
  'server_full',
  'overload',
  'unavailable',
] as const satisfies readonly RefusalLabel[];

/** The edge knows more than the table: the rule of its own that was broken. */
const details: Partial<Record<RefusalLabel, string>> = {
  meetup_id_invalid:
    "its segments have A-Z a-z 0-9 . _ ~ : @ ! $ & ' ( ) * + , ; = - and nothing escaped, and none is empty, . or ..",
};

/** The failures of the control API that the edge tells itself, in the form of the service. */
const controlFaults = [
  pathUnknown(),
  new Fault(Code.UNAVAILABLE, 'SERVICE_UNREACHABLE', 'the service behind the edge does not answer: try again'),
  new Fault(Code.RESOURCE_EXHAUSTED, 'RATE_LIMITED', 'too many requests a second: slow down'),
  new Fault(Code.INVALID_ARGUMENT, 'REQUEST_INVALID', 'the edge takes no HTTP of this kind: see envoy/README.md'),
];

/** What is asked of one port and is another's to answer. */
const wrongPort = (peersPort: number): string =>
  `this is the control port; peers meet ${peersPort === 0 ? 'on another' : `on port ${peersPort}`}`;
const otherPort = (controlPort: number): string =>
  `the control API is on ${controlPort === 0 ? 'another port' : `port ${controlPort}`}`;

/**
 * Placeholders `REFUSAL_<label>` (the JSON body) and, where the table has one, `RETRY_AFTER_<label>` (seconds); `CONTROL_<reason>`, a
 * google.rpc.Status; `REFUSAL_control_port`, for a peer that came to the control listener; and `PLAIN_<listener>`, the whole answer to
 * whoever speaks no TLS, in base64.
 */
export function refusalValues({ pathPrefix, peersPort, controlPort }: EdgeSettings): Record<string, string> {
  const values: Record<string, string> = {};
  for (const label of told) {
    const detail =
      label === 'not_found' ? `meetups are below ${pathPrefix}; ${otherPort(controlPort)}` : details[label];
    const refused = refusal(label, detail);
    values[`REFUSAL_${label}`] = refusalBody(refused).trimEnd();
    if (refused.retryAfter !== undefined) values[`RETRY_AFTER_${label}`] = String(refused.retryAfter);
  }
  for (const fault of controlFaults) values[`CONTROL_${fault.reason}`] = jsonText(statusJson(fault.toStatus()));
  values['REFUSAL_control_port'] = refusalBody(refusal('not_found', wrongPort(peersPort))).trimEnd();
  const noTls = 'this port speaks TLS alone: connect by ';
  const control = new Fault(Code.INVALID_ARGUMENT, 'REQUEST_INVALID', `${noTls}https://, with a client certificate`);
  values['PLAIN_peers'] = plainAnswer(refusalBody(refusal('request_invalid', `${noTls}wss://`)));
  values['PLAIN_control'] = plainAnswer(`${jsonText(statusJson(control.toStatus()))}\n`);
  return values;
}

/** An answer of HTTP/1.1, in base64: it has ends of lines, which no value of a template may have. */
function plainAnswer(body: string): string {
  const head = [
    'HTTP/1.1 400 Bad Request',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`).toString('base64');
}
