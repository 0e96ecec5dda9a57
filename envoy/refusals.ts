import { status as Code } from '@grpc/grpc-js';
import { statusJson } from '../proxy/control/json/answer.js';
import { Fault, pathUnknown } from '../proxy/control/rpc/fault.js';
import { refusalBody } from '../proxy/door/refuse.js';
import { type RefusalLabel, refusal } from '../proxy/wire/close.js';
import { jsonText } from '../proxy/wire/json-text.js';

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

/**
 * Placeholders `REFUSAL_<label>` (the JSON body) and, where the table has one, `RETRY_AFTER_<label>` (seconds); and
 * `CONTROL_<reason>`, a google.rpc.Status. `pathPrefix` stands before every meetup id.
 */
export function refusalValues(pathPrefix: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const label of told) {
    const detail = label === 'not_found' ? `meetups are below ${pathPrefix}` : details[label];
    const refused = refusal(label, detail);
    values[`REFUSAL_${label}`] = refusalBody(refused).trimEnd();
    if (refused.retryAfter !== undefined) values[`RETRY_AFTER_${label}`] = String(refused.retryAfter);
  }
  for (const fault of controlFaults) values[`CONTROL_${fault.reason}`] = jsonText(statusJson(fault.toStatus()));
  return values;
}
