import type { MessageSizes } from '../../../bench/exchange.js';
import { FIRST_ID, FrameTemplate } from '../../../bench/frame.js';
import { requestText, responseText } from '../../../bench/messages.js';
import { type DialTarget, planOf } from '../../../bench/target.js';
import { NatsLink } from './nats-link.js';
import type { StandingPair } from './standing-pairs.js';

/** Two clients of a NATS server: one answers requests to a subject, one asks and has an inbox for the answers, as NATS's own clients do it. */
export async function openNatsPair(target: DialTarget, meetup: string, sizes: MessageSizes): Promise<StandingPair> {
  const subject = `gateway.${meetup}`;
  const inbox = `_INBOX.${meetup}`;
  const answerer = await NatsLink.open(planOf(target, 'answerer', meetup), subject);
  const asker = await NatsLink.open(planOf(target, 'asker', meetup), `${inbox}.*`);
  // Each request has a subject of its own for its answer, which the one subscription covers.
  const reply = `${inbox}.${FIRST_ID}`;
  const templates = {
    request: published(`${subject} ${reply}`, requestText(sizes.requestBytes)),
    response: published(reply, responseText(sizes.answerBytes)),
  };
  const close = (): void => {
    for (const link of [asker, answerer]) {
      link.onEnd = () => {};
      link.close();
    }
  };
  return { pair: { asker, answerer }, templates, close };
}

function published(subjects: string, payload: string): FrameTemplate {
  return new FrameTemplate(Buffer.from(`PUB ${subjects} ${Buffer.byteLength(payload)}\r\n${payload}\r\n`));
}
