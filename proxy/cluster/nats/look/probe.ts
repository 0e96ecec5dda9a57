import type { Answer } from '../requests.js';
import type { Visit } from './visit.js';

/** A number that no write has had: what expects it is refused, and what deletes it finds nothing. */
const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * Tries everything that a replica does in NATS, in such a way that nothing is written, and returns what this user may not do, each in words.
 * The streams must be there.
 */
export async function refusedTo({ requests, link, names }: Visit): Promise<readonly string[]> {
  const nobody = `doctor-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const { claims, blocks } = names;
  const refused = { value: '', life: 1_000, expected: NEVER };
  const tries: readonly (() => Promise<Answer<unknown>>)[] = [
    () => requests.put({ subject: names.claim(nobody), ...refused }),
    () => requests.put({ subject: names.replica(nobody), ...refused }),
    () => requests.put({ subject: names.block(nobody), ...refused }),
    () => requests.last(claims, names.claim(nobody)),
    () => requests.first(claims, names.all('replica')),
    () => requests.first(blocks, names.all('block')),
    () => requests.next(blocks, 1, names.all('block')),
    () => requests.remove(claims, NEVER),
    () => requests.anybody(names.alive(nobody)),
  ];
  const faults: string[] = [];
  for (const attempt of tries) {
    const answer = await attempt();
    if (answer.t === 'failed' && answer.kind === 'forbidden') faults.push(answer.detail);
  }
  // A user that may listen, and may answer, hears itself.
  const stop = link.listen(names.alive(nobody), (message) => void message.respond());
  const heard = await requests.anybody(names.alive(nobody));
  stop();
  if (heard.t === 'failed' && heard.kind !== 'forbidden') {
    faults.push(`this user may not listen on ${names.all('alive')}, or not answer to ${names.inbox}.>`);
  }
  return faults;
}
