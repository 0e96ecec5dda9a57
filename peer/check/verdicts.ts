import { jsonText } from '../../proxy/wire/json-text.js';
import { safe } from '../../proxy/wire/safe-text.js';
import type { Greeting } from '../greeting.js';
import { type CheckId, checks, type Verdict } from './checks.js';
import type { Course } from './course.js';

/** What a course that was walked says, a verdict for each check. */
export function verdictsOf({ examiner, walked }: Course, other: Greeting | undefined): Verdict[] {
  const { messages, requests, answers, bodies } = examiner.seen;
  const isThere = other !== undefined;
  const silent = other?.answers === false ? 'it says that it answers nothing' : 'it was not asked';
  const who = isThere ? `peerClass ${JSON.stringify(other.peerClass)}, peerId ${JSON.stringify(other.peerId)}` : '';
  const count = (number: number, what: string): string => (number === 0 ? '' : `${number} ${what}`);
  /** Why a check is well, empty where nothing was seen; and what to say then. */
  const seen: Readonly<Record<CheckId, readonly [string, string]>> = {
    hello: [who, 'no peer came'],
    envelopes: [count(messages, 'messages'), 'no message came'],
    ids: [count(messages, 'messages'), 'no message came'],
    requests: [count(requests, 'requests'), 'it sent none'],
    answers: [count(answers, 'answers'), silent],
    at_once: [walked.has('at_once') ? 'all were answered' : '', silent],
    bodies: [count(bodies, 'bodies'), 'it sent none'],
    passes_over: [walked.has('passes_over') ? 'it is as it was' : '', 'no peer came'],
    stays: [walked.has('stays') ? 'it was there all the time' : '', 'no peer came'],
    comes_back: [walked.has('comes_back') ? 'it came back' : '', 'no peer came'],
  };
  return (Object.keys(checks) as CheckId[]).map((check) => {
    const fault = examiner.faultsOf(check);
    if (fault !== undefined) return { check, verdict: 'fault', what: fault };
    const [well, unseen] = seen[check];
    return well === '' ? { check, verdict: 'not_seen', what: unseen } : { check, verdict: 'ok', what: well };
  });
}

const WORDS = { ok: 'ok', fault: 'FAULT', not_seen: 'not seen' } as const;

/** The verdicts for people: a line each, and below a fault what is asked. Ends with a newline. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  const lines = verdicts.flatMap(({ check, verdict, what }) => [
    `${check.padEnd(13)}${WORDS[verdict].padEnd(10)}${safe(what)}`,
    ...(verdict === 'fault' ? [`${' '.repeat(23)}wanted: ${checks[check]}`] : []),
  ]);
  return `${lines.join('\n')}\n`;
}

/** The verdicts for programs. Ends with a newline. */
export function verdictJson(verdicts: readonly Verdict[]): string {
  return `${jsonText({ verdicts: verdicts.map((one) => ({ ...one, wanted: checks[one.check] })) }, 2)}\n`;
}
