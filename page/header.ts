import type { Service } from './answer.js';
import { arrange, byId, el, setText } from './element.js';
import { age, counted } from './format.js';

type Mood = 'good' | 'careful' | 'bad' | 'plain';

interface Chip {
  readonly text: string;
  readonly mood: Mood;
  /** More of it, for those who point at it. */
  readonly title?: string;
}

const list = byId('state', HTMLElement);

/** Says whether the replica takes peers, which policy is in force, who is here, which replica it is and for how long it has run. */
export function drawHeader(service: Service): void {
  const chips = [readiness(service), ...files(service), here(service), place(service), running(service)];
  arrange(list, chips.map(draw));
  document.title = `${service.paired} paired · ws-proxy`;
}

const drawn = new Map<number, HTMLLIElement>();

function draw({ text, mood, title }: Chip, place: number): HTMLLIElement {
  const item = drawn.get(place) ?? el('li');
  drawn.set(place, item);
  item.className = `chip ${mood}`;
  item.title = title ?? '';
  setText(item, text);
  return item;
}

function readiness({ drain, notReady, now }: Service): Chip {
  if (drain.state === 'draining') {
    const left = drain.until === null ? '' : `, calls have ${age(drain.until - now)} left`;
    return { text: `draining${left}`, mood: 'careful', title: 'No new peer is taken; sessions are closed in batches.' };
  }
  if (drain.state === 'drained') return { text: 'drained', mood: 'careful', title: 'Nobody is left.' };
  if (notReady !== null) return { text: `not ready: ${notReady}`, mood: 'bad' };
  return { text: 'ready', mood: 'good', title: 'New peers are welcome.' };
}

function files({ files }: Service): Chip[] {
  return files.map(({ name, text, fault }) => {
    if (fault === null) return { text: `${name}: ${text}`, mood: 'plain' };
    return { text: `${name}: ${text}, the file has a fault`, mood: 'bad', title: fault };
  });
}

function here({ peers, greeting }: Service): Chip {
  const owing = greeting === 0 ? '' : `, ${greeting} without a HELLO`;
  return { text: `${counted(peers, 'connection')}${owing}`, mood: 'plain' };
}

function place({ replica }: Service): Chip {
  const title = 'The sessions of this replica are here; ws-proxy sessions list shows those of all.';
  return { text: `replica ${replica}`, mood: 'plain', title };
}

function running({ startedAt, now, version }: Service): Chip {
  return { text: `${version}, up ${age(now - startedAt)}`, mood: 'plain' };
}
