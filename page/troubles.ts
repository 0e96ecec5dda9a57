import type { Trouble, TroubleList } from './answer-past.js';
import { meetupButton } from './call-row.js';
import { arrange, byId, claim, el, setText } from './element.js';
import { age, count, dayAndTime } from './format.js';
import type { Model } from './model.js';
import { type Group, grouped, placeOf } from './trouble-groups.js';
import type { View } from './view.js';

/** What the service looks for the text in; `textOf` in proxy/page/troubles.ts. */
const SEARCHED = 'label, code, detail, meetup, request target, subject, fingerprint, peer id and address';

/** The list of peers that were turned away or cut off, with the reason and the remedy. */
export class Troubles {
  readonly #open: (meetupId: string) => void;
  readonly #list = byId('troubles-list', HTMLElement);
  readonly #count = byId('troubles-count', HTMLElement);
  readonly #searched = byId('troubles-searched', HTMLElement);
  readonly #empty = byId('troubles-empty', HTMLElement);
  readonly #items = new Map<string, { readonly element: HTMLElement; readonly when: HTMLElement }>();

  constructor(open: (meetupId: string) => void) {
    this.#open = open;
  }

  draw({ service, troubles }: Model, view: View): void {
    if (service === undefined) return;
    const groups = grouped(troubles.items);
    const elements = groups.map((group) => {
      const item = this.#items.get(group.key) ?? this.#itemOf(group);
      this.#items.set(group.key, item);
      setText(item.when, whenOf(group, service.now));
      return item.element;
    });
    arrange(this.#list, elements);
    const kept = new Set(groups.map(({ key }) => key));
    for (const key of this.#items.keys()) if (!kept.has(key)) this.#items.delete(key);
    setText(this.#count, `${count(troubles.refused)} refused, ${count(troubles.ended)} cut off or lost`);
    setText(this.#searched, searched(troubles, view));
    const isFiltered = view.troubles.trim() !== '' || view.kind !== 'any' || view.range !== 'all';
    setText(this.#empty, emptyText(service.remembers, isFiltered));
    this.#empty.hidden = groups.length > 0;
  }

  #itemOf({ last }: Group): { readonly element: HTMLElement; readonly when: HTMLElement } {
    const when = el('span', { class: 'note' });
    return { element: el('li', {}, ...troubleParts(last, when, this.#open)), when };
  }
}

/** All of one refusal or ending: why, what it means, what to do, where and who. */
export function troubleParts(one: Trouble, when: Node, open: ((meetupId: string) => void) | undefined): Node[] {
  const who = [one.subject, one.peerId, one.remote].filter((text) => text !== '');
  const isMeetup = one.meetupId !== '' && open !== undefined;
  const place = isMeetup ? meetupButton(one.meetupId, open) : claim(placeOf(one));
  return [
    el(
      'p',
      { class: 'line' },
      el('span', { class: 'label' }, one.label),
      el('span', { class: 'code' }, one.code === 0 ? '' : String(one.code)),
      when,
    ),
    ...(one.detail === '' ? [] : [el('p', {}, claim(one.detail))]),
    el('p', {}, one.meaning),
    el('p', { class: 'advice' }, one.advice),
    el(
      'p',
      { class: 'note' },
      place,
      ...who.flatMap((text) => [' · ', claim(text)]),
      ...(one.isVerified || one.subject === '' ? [] : [' (claimed, not verified)']),
    ),
  ];
}

export function whenOf({ last, first, count }: Group, now: number): string {
  const ago = `${age(now - last.at)} ago`;
  if (count === 1) return ago;
  const span = last.at - first;
  return span < 1_000 ? `${count} times, ${ago}` : `${count} times in ${age(span)}, ${ago}`;
}

function searched({ since, toldByEdge }: TroubleList, view: View): string {
  if (since === null) return '';
  const where = view.troubles.trim() === '' ? '' : ` Looked for the text in ${SEARCHED}.`;
  const edge = toldByEdge === null ? ' Envoy has told of no refused handshake.' : '';
  return `What is remembered since ${dayAndTime(since)}.${where}${edge}`;
}

function emptyText(remembers: boolean, isFiltered: boolean): string {
  if (!remembers) return 'Nothing is remembered: the service runs with --history-memory 0.';
  return isFiltered ? 'Nothing fits.' : 'Nobody was turned away, and no connection was lost.';
}
