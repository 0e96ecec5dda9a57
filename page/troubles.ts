import { arrange, byId, claim, el, setText } from './element.js';
import { age, count } from './format.js';
import type { Model } from './model.js';
import { type Group, grouped, placeOf } from './trouble-groups.js';

/** The list of peers that were turned away or cut off, with the reason and the remedy. */
export class Troubles {
  readonly #list = byId('troubles-list', HTMLElement);
  readonly #count = byId('troubles-count', HTMLElement);
  readonly #empty = byId('troubles-empty', HTMLElement);
  readonly #items = new Map<string, { readonly element: HTMLElement; readonly when: HTMLElement }>();

  draw({ service, refusals, endings }: Model): void {
    if (service === undefined) return;
    const groups = grouped([...refusals, ...endings]);
    const elements = groups.map((group) => {
      const item = this.#items.get(group.key) ?? itemOf(group);
      this.#items.set(group.key, item);
      setText(item.when, whenOf(group, service.now));
      return item.element;
    });
    arrange(this.#list, elements);
    const kept = new Set(groups.map(({ key }) => key));
    for (const key of this.#items.keys()) if (!kept.has(key)) this.#items.delete(key);
    const { seen } = service;
    setText(this.#count, `${count(seen.refusals)} refused, ${count(seen.endings)} cut off or lost`);
    this.#empty.hidden = groups.length > 0;
  }
}

function itemOf({ last }: Group): { readonly element: HTMLElement; readonly when: HTMLElement } {
  const when = el('span', { class: 'note' });
  const who = [last.subject, 'peerId' in last ? last.peerId : '', last.remote].filter((text) => text !== '');
  const element = el(
    'li',
    {},
    el(
      'p',
      { class: 'line' },
      el('span', { class: 'label' }, last.label),
      el('span', { class: 'code' }, String(last.code)),
      when,
    ),
    el('p', {}, last.meaning),
    el('p', { class: 'advice' }, last.advice),
    ...(last.detail === '' ? [] : [el('p', { class: 'note' }, claim(last.detail))]),
    el('p', { class: 'note' }, claim(placeOf(last)), ...who.flatMap((text) => [' · ', claim(text)])),
  );
  return { element, when };
}

function whenOf({ last, first, count }: Group, now: number): string {
  const ago = `${age(now - last.at)} ago`;
  if (count === 1) return ago;
  const span = last.at - first;
  return span < 1_000 ? `${count} times, ${ago}` : `${count} times in ${age(span)}, ${ago}`;
}
