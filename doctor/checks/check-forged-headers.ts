import { fault, type Judgement, notChecked, ok } from '../finding.js';
import type { Kind } from '../look/answer-kind.js';
import type { Answer } from '../look/ask.js';
import type { Door } from '../look/door.js';
import { FORGERIES, forgedQuestion, SINGLE_FORGERIES, type Try } from '../look/forged.js';
import type { Failed } from '../look/way.js';

/** The answers to the same question asked honestly and with forged headers. */
export type ForgedAnswers = Readonly<Record<Try, Answer | Failed>>;

/**
 * Does a header by which the edge says who asks reach the service when a client sends it? No seat is taken: the meetup is one that
 * nobody else is at, and a websocket that is granted is closed without a HELLO.
 */
export async function checkForgedHeaders(door: Door): Promise<Judgement> {
  const honest = await door.ask(forgedQuestion(door, FORGERIES.honest));
  const wanted = door.plan.view === 'peer' ? 'peers' : 'control';
  const early = incomparable(honest, wanted);
  if (early !== undefined) return early;
  const nobody = await door.ask(forgedQuestion(door, FORGERIES.nobody));
  const garbage = await door.ask(forgedQuestion(door, FORGERIES.garbage));
  const isPlain = isMalformed(garbage) && !isMalformed(honest);
  const survivors = isPlain ? await survivorsAt(door) : [];
  return judgeForgedHeaders(wanted, { honest, nobody, garbage }, survivors);
}

/** The headers that reach the service when they alone are forged. */
async function survivorsAt(door: Door): Promise<string[]> {
  const survivors: string[] = [];
  for (const [name, headers] of SINGLE_FORGERIES) {
    if (isMalformed(await door.ask(forgedQuestion(door, headers)))) survivors.push(name);
  }
  return survivors;
}

/** Words that are said before anybody looks at who asks. */
const BEFORE_IDENTITY: ReadonlySet<string> = new Set([
  ...['not_found', 'meetup_id_invalid', 'upgrade_required', 'request_invalid', 'origin_denied'],
  ...['server_full', 'unavailable', 'internal_error', 'path_unknown', 'service_unreachable', 'rate_limited'],
]);

const RENDER =
  'on the proxy’s host, render Envoy’s files anew (ws-proxy envoy render) and take changes of your own out of them; nothing else may stand before the service';

/** The reason why there is nothing to compare with. */
function incomparable(honest: Answer | Failed, wanted: Kind): Judgement | undefined {
  if (honest.t === 'failed') return notChecked(`the proxy gave no answer: ${honest.text}`);
  if (honest.kind !== wanted) return notChecked('another port, or another server, answers: see port');
  const word = wordOf(honest);
  if (!BEFORE_IDENTITY.has(word)) return undefined;
  return notChecked(`the proxy answers ${honest.reason} before it looks at who asks`);
}

/** `survivors`: headers that were seen to arrive one by one. */
export function judgeForgedHeaders(wanted: Kind, answers: ForgedAnswers, survivors: readonly string[]): Judgement {
  const early = incomparable(answers.honest, wanted);
  if (early !== undefined) return early;
  if (isTaken(answers.nobody)) {
    const why = 'whoever has any certificate that Envoy takes can be anybody: every peer, every operator';
    return fault('a forged identity is believed', why, `close the port now; ${RENDER}`);
  }
  const plain = wordOf(answers.honest);
  if (plain === 'identity_missing' || plain === 'identity_malformed') {
    const why = 'nobody gets in, and what stands before the service is not the Envoy that it trusts';
    return fault(`the service does not learn from its edge who asks (${plain})`, why, RENDER);
  }
  if (isMalformed(answers.garbage) || isMalformed(answers.nobody)) {
    const what =
      survivors.length === 0
        ? 'forged identity headers reach the service'
        : `forged and not dropped: ${survivors.join(', ')}`;
    return fault(
      what,
      'who forges the rest of the identity as well, or in a way that fits, may be taken for another',
      RENDER,
    );
  }
  const [honest, ...forged] = [answers.honest, answers.nobody, answers.garbage].map(wordOf);
  if (forged.every((word) => word === honest)) return ok(`forged identity headers change nothing (${honest})`);
  return notChecked(`the answers differ for another reason (${[honest, ...forged].join(', ')}): ask again`);
}

function isMalformed(answer: Answer | Failed): boolean {
  return wordOf(answer) === 'identity_malformed';
}

function isTaken(answer: Answer | Failed): boolean {
  return wordOf(answer) === 'certificate_expired';
}

/** The control API has the same words in capitals. */
function wordOf(answer: Answer | Failed): string {
  return answer.t === 'failed' ? answer.code : answer.reason.toLowerCase();
}
