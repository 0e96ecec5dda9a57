import { explainOffline } from '../../admin/explain-offline.js';
import { explainOnline } from '../../admin/explain-online.js';
import { endings } from '../../proxy/wire/close.js';
import { meetupIdFrom } from '../../proxy/wire/path.js';
import { fault, type Judgement, notChecked, ok, warning } from '../finding.js';
import type { Door } from '../look/door.js';

/** The sources that can tell how the policy decides about a certificate at a meetup. */
export type Source = 'control' | 'policy' | 'door';

export interface AccessAnswer {
  readonly by: Source;
  readonly allowed: boolean;
  /** The word of the refusal; empty when allowed. */
  readonly label: string;
  readonly reason: string;
  readonly rule: string;
}

/** Would the certificate be let in at the meetup of the URL? */
export async function checkAccess(door: Door): Promise<Judgement> {
  const own = await door.own();
  if (own.t === 'unusable') return notChecked('certificate and key cannot be used together: see own-key');
  const { url, pathPrefix, files } = door.plan;
  const path = pathOf(url);
  if (path === pathPrefix) return notChecked('the URL names no meetup: give the whole URL that the peer dials');
  const meetup = meetupIdFrom(path, pathPrefix);
  if ('refused' in meetup) {
    const todo = `meetups are below ${pathPrefix}: see proto/PROTOCOL.md; where the proxy has another --path-prefix, give it here too`;
    return fault(`${path}: ${meetup.detail}`, `it is answered ${meetup.refused}`, todo);
  }
  const answer = await answerTo(door, meetup.ok);
  return 'status' in answer ? answer : judgeAccess(answer, files.cert, meetup.ok);
}

async function answerTo(door: Door, meetup: string): Promise<AccessAnswer | Judgement> {
  const { control, offline } = door.plan.access;
  try {
    if (control !== undefined) return await online(door, control, meetup);
    if (offline !== undefined) return await fromFiles(door, offline, meetup);
  } catch (error) {
    return notChecked((error as Error).message.split('\n').join('; '));
  }
  return knock(door);
}

type Control = NonNullable<Door['plan']['access']['control']>;
type Offline = NonNullable<Door['plan']['access']['offline']>;

async function online({ plan }: Door, control: Control, meetup: string): Promise<AccessAnswer> {
  const told: string[] = [];
  const { environment, pathPrefix, timeout, files } = plan;
  const out = (part: string): void => void told.push(part);
  const io = { out, note: () => {}, columns: undefined, rows: 0, environment };
  const question = { whose: { file: files.cert }, target: meetup, pathPrefix, output: 'json' } as const;
  await explainOnline(question, { ...control, timeout }, io);
  const { allowed, refusal, reason, rule } = JSON.parse(told.join('')) as Record<string, string> & { allowed: boolean };
  return { by: 'control', allowed, label: refusal ?? '', reason: reason ?? '', rule: rule ?? '' };
}

async function fromFiles({ plan }: Door, offline: Offline, meetup: string): Promise<AccessAnswer> {
  const answer = await explainOffline({ certificate: plan.files.cert, target: meetup, ...offline }, Date.now());
  const { allowed, label = answer.handshake === true ? 'tls_handshake' : '', reason, rule = '' } = answer;
  return { by: 'policy', allowed, label, reason, rule };
}

/** Dials as the peer would, and leaves before the HELLO, by which alone a seat is taken. */
async function knock(door: Door): Promise<AccessAnswer | Judgement> {
  const greeting = await door.greeting();
  if (greeting.t === 'answered' && greeting.kind === 'control') return notChecked('the control API answers: see port');
  const answer = await door.ask({ path: pathOf(door.plan.url), upgrade: true });
  if (answer.t === 'failed') return notChecked(`the proxy gave no answer: ${answer.text}`);
  if (answer.kind !== 'peers') return notChecked('what answers is no ws-proxy: see port');
  return { by: 'door', allowed: answer.status === 101, label: answer.reason, reason: answer.message, rule: '' };
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

const SAYS: Readonly<Record<Source, string>> = {
  control: 'the control API says',
  policy: 'by the policy file',
  door: 'the door answers',
};

/** The remedy for each refusal for which there is a better one than to ask an operator. */
const HELPS: Readonly<Record<string, string>> = {
  certificate_revoked: 'get a new certificate: ws-proxy certs issue NAME --force',
  certificate_expired: 'get a new certificate: ws-proxy certs issue NAME --force',
  blocked: 'an operator sees and lifts it: ws-proxy blocks list, ws-proxy blocks remove UID',
  draining: 'wait for the proxy to come back; an operator sees how far it is: ws-proxy drain --status',
  unplaced: 'wait a moment; an operator sees on each replica’s /readyz what keeps it from its store',
  not_found: 'compare --path-prefix of serve, of envoy render, and the URL',
};

/** Answers that say nothing against the certificate: it is the moment that is wrong. */
const PASSING: ReadonlySet<string> = new Set(
  Object.entries(endings).flatMap(([label, { retry }]) => (retry !== 'never' && label !== 'blocked' ? [label] : [])),
);

export function judgeAccess(answer: AccessAnswer, certificate: string, meetup: string): Judgement {
  const { by, allowed, label, reason, rule } = answer;
  if (allowed) return ok(`${SAYS[by]}: it may sit at ${meetup}${rule === '' ? '' : ` (rule ${JSON.stringify(rule)})`}`);
  const what = `${SAYS[by]} ${label}${reason === '' ? '' : `: ${reason}`}`;
  const todo = HELPS[label] ?? `an operator asks which rule it is: ws-proxy explain ${certificate} ${meetup}`;
  if (PASSING.has(label)) return warning(what, 'the certificate may sit there, but not at this moment', todo);
  return fault(what, 'the peer is refused each time that it dials', todo);
}
