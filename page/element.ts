/**
 * Elements are made here and nowhere else. Text goes in as text nodes only, so nothing that a peer claims can become markup; style
 * attributes and handlers in attributes would be refused by the page's own policy.
 */
import { visible } from './format.js';

export type Child = Node | string;
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** An HTML element; an attribute that is `false` is left out, one that is `true` stands alone. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  setAll(made, attributes);
  made.append(...children);
  return made;
}

/** An SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly SVGElement[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAll(made, attributes);
  made.append(...children);
  return made;
}

/** A text that somebody claims: it is kept from reordering what stands around it. */
export function claim(text: string): HTMLElement {
  return el('bdi', {}, text === '' ? '—' : visible(text));
}

/** Sets attributes that change; touches nothing that is as it was. */
export function setAll(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false) element.removeAttribute(name);
    else {
      const text = value === true ? '' : String(value);
      if (element.getAttribute(name) !== text) element.setAttribute(name, text);
    }
  }
}

/** Sets a text that changes; a text that is as it was is left alone, selection included. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** The element of that id in the document; throws where the document does not fit the script. */
export function byId<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the document has no ${kind.name} #${id}`);
  return found;
}

/** Puts these children in this order, moving only those that are out of place. */
export function arrange(parent: Element, children: readonly Element[]): void {
  const kept = new Set(children);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const child of children) {
    if (child === next) next = next.nextElementSibling;
    else parent.insertBefore(child, next);
  }
}
