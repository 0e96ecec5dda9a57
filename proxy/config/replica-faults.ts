import { flagOf, type OptionKey } from './options.js';
import type { Value } from './value.js';

type Options = Readonly<Partial<Record<OptionKey, Value>>>;

/** Options that mean nothing to a replica that is alone. */
const OF_SEVERAL = [
  ...(['natsCreds', 'natsUserFile', 'natsCa', 'natsCert', 'natsKey'] as const),
  ...(['hopListen', 'advertise', 'hopCert', 'hopKey', 'hopCa', 'hopName'] as const),
] satisfies readonly OptionKey[];
/** Options that are given all or not at all. */
const TOGETHER = [
  ['natsCert', 'natsKey'],
  ['hopCert', 'hopKey', 'hopCa', 'hopName'],
] as const satisfies readonly (readonly OptionKey[])[];

/** What does not go together among the options for several replicas, one line each. */
export function replicaFaults(options: Options): readonly string[] {
  const isGiven = (key: OptionKey): boolean => options[key] !== undefined;
  const flags = (keys: readonly OptionKey[]): string => keys.map((key) => `--${flagOf(key)}`).join(', ');
  const { nats } = options;
  if (!Array.isArray(nats) || nats.length === 0) {
    const given = OF_SEVERAL.filter(isGiven);
    return given.length === 0 ? [] : [`${flags(given)}: without --nats this replica is alone: give --nats, or drop it`];
  }
  const faults: string[] = [];
  if (!isGiven('hopListen')) faults.push('--nats: other replicas hand on peers to this one: give --hop-listen too');
  if (isGiven('natsCreds') && isGiven('natsUserFile')) {
    faults.push('--nats-creds, --nats-user-file: NATS takes one of them: drop the other');
  }
  for (const keys of TOGETHER) {
    const missing = keys.filter((key) => !isGiven(key));
    if (missing.length === 0 || missing.length === keys.length) continue;
    faults.push(`${flags(keys.filter(isGiven))}: ${flags(missing)} must be given too`);
  }
  return faults;
}
