import { type RefusalLabel, refusal } from '../proxy/wire/close.js';

/** The refusals that the edge gives itself; their words come from the one table, so they cannot drift. */
const told = [
  'not_found',
  'meetup_id_invalid',
  'upgrade_required',
  'origin_denied',
  'request_invalid',
  'server_full',
  'overload',
  'unavailable',
] as const satisfies readonly RefusalLabel[];

/** Placeholders `REFUSAL_<label>` (the JSON body) and, where the table has one, `RETRY_AFTER_<label>` (seconds). */
export function refusalValues(): Record<string, string> {
  const values: Record<string, string> = {};
  for (const label of told) {
    const { text, retry, retryAfter } = refusal(label);
    values[`REFUSAL_${label}`] = `${JSON.stringify({ error: { reason: label, message: text, retry } })}`;
    if (retryAfter !== undefined) values[`RETRY_AFTER_${label}`] = String(retryAfter);
  }
  return values;
}
