import { fault, type Judgement, ok, warning } from '../finding.js';

/** The Envoy that the configuration is written for and tested with; the patch does not matter. */
export const SUPPORTED_ENVOY = '1.40';
/** Oldest Node.js, as in package.json. */
export const SUPPORTED_NODE = '20.19';

/** Oldest NATS. Values with a time to live, and many of them in one answer, came with 2.11; older than 2.12 is not looked at. */
export const MIN_NATS = '2.12';

/** True where a version is older than another. */
export function isBefore(version: string, other: string): boolean {
  return !isAtLeast(version, other);
}

/** The fault of a version of Node.js; undefined when it has none. */
export function judgeNode(version: string): Judgement | undefined {
  if (isAtLeast(version, SUPPORTED_NODE)) return undefined;
  const todo = `run the service on Node.js ${SUPPORTED_NODE} or later`;
  return fault(`the service runs on Node ${version}`, 'nothing is tested there', todo);
}

/** Judges Envoy's own word: `<commit>/1.40.0/Clean/RELEASE/BoringSSL`, or `1.40.0`. */
export function judgeEnvoyVersion(told: string): Judgement {
  const version = /(?:^|\/)(\d+\.\d+\.\d+)/.exec(told)?.[1];
  const todo = `run Envoy ${SUPPORTED_ENVOY}, as in envoy/requirements.txt`;
  const why = 'the configuration is written for, and tested with, that one';
  if (version === undefined) return warning(`Envoy calls itself ${told}`, why, todo);
  if (version.startsWith(`${SUPPORTED_ENVOY}.`)) return ok(`Envoy ${version}`);
  const judged = isAtLeast(version, SUPPORTED_ENVOY) ? warning : fault;
  return judged(`Envoy is ${version}, not ${SUPPORTED_ENVOY}`, why, todo);
}

function isAtLeast(version: string, least: string): boolean {
  const [one, other] = [version, least].map((text) => text.replace(/^v/, '').split('.').map(Number));
  for (const [at, part] of (other ?? []).entries()) {
    const own = one?.[at] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
