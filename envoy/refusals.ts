import { refusalBody } from '../proxy/edge/refuse.js';
import { type RefusalLabel, refusal } from '../proxy/wire/close.js';

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

/** The edge knows one thing more than the table: which rule of its own was broken. */
const details: Partial<Record<RefusalLabel, string>> = {
  not_found: 'meetups are below /micronets/v1/ws-proxy/',
  meetup_id_invalid:
    "its segments have A-Z a-z 0-9 . _ ~ : @ ! $ & ' ( ) * + , ; = - and nothing escaped, and none is empty, . or ..",
};

/** Placeholders `REFUSAL_<label>` (the JSON body) and, where the table has one, `RETRY_AFTER_<label>` (seconds). */
export function refusalValues(): Record<string, string> {
  const values: Record<string, string> = {};
  for (const label of told) {
    const refused = refusal(label, details[label]);
    values[`REFUSAL_${label}`] = refusalBody(refused).trimEnd();
    if (refused.retryAfter !== undefined) values[`RETRY_AFTER_${label}`] = String(refused.retryAfter);
  }
  // Nobody looks for a meetup on the control port.
  values['CONTROL_NOT_FOUND'] = refusalBody(refusal('not_found')).trimEnd();
  return values;
}
