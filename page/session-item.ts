import type { Peer, Session } from './answer.js';
import { meetupButton } from './call-row.js';
import { claim, el, setText } from './element.js';
import { age, counted, duration, rate, size } from './format.js';
import type { Rates } from './model.js';

type Figures = ReadonlyMap<string, Rates>;

/** One session in the list: a line, and all of it when it is opened. */
export class SessionItem {
  readonly element: HTMLDetailsElement;
  readonly #note = el('span', { class: 'note' });
  readonly #state = el('span');
  readonly #who = el('span', { class: 'who' });
  readonly #peers = el('div', { class: 'peers' });
  readonly #cards = new Map<string, PeerCard>();

  constructor({ meetupId }: Session, isOpen: boolean, open: (meetupId: string) => void) {
    const summary = el('summary', {}, this.#state, meetupButton(meetupId, open), this.#who, this.#note);
    this.element = el('details', { class: 'session', open: isOpen }, summary, this.#peers);
  }

  draw(session: Session, rates: Figures, now: number): void {
    const { state, createdAt, pairedAt, open, peers } = session;
    this.#state.className = `dot ${state}`;
    setText(this.#state, state);
    const moved = peers.reduce((sum, { id }) => sum + (rates.get(id)?.messages ?? 0), 0);
    const calls = open === 0 ? '' : ` · ${open} open`;
    setText(this.#note, `${age(now - (pairedAt ?? createdAt))} · ${rate(moved)}${calls}`);
    for (const peer of peers) this.#cardOf(peer).draw(peer, rates.get(peer.id), now);
  }

  #cardOf(peer: Peer): PeerCard {
    const known = this.#cards.get(peer.id);
    if (known !== undefined) return known;
    const card = new PeerCard(peer);
    this.#cards.set(peer.id, card);
    this.#who.append(...(this.#cards.size > 1 ? [' ⇄ '] : []), claim(peer.subject));
    this.#peers.append(card.element);
    return card;
  }
}

/** One of the two peers. */
class PeerCard {
  readonly element: HTMLElement;
  readonly #figures = new Map<string, HTMLElement>();

  constructor({ role, rule, subject, fingerprint, notAfter, peerClass, peerId, remote, via }: Peer) {
    const fixed: readonly (readonly [string, Node | string])[] = [
      ['role', claim(role)],
      ['says it is', claim(`${peerClass} · ${peerId}`)],
      ['address', claim(remote)],
      ...(via === '' ? [] : [['came by', claim(via)] as const]),
      ['rule', claim(rule)],
      ['certificate', el('span', { title: fingerprint }, `${fingerprint.slice(0, 12)}…, until ${day(notAfter)}`)],
    ];
    const moving = ['connected', 'sent', 'got', 'backlog', 'last pong'].map((name) => {
      const value = el('dd');
      this.#figures.set(name, value);
      return [el('dt', {}, name), value];
    });
    const rows = fixed.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]);
    this.element = el(
      'article',
      {},
      el('h3', { title: 'Subject of the verified certificate' }, claim(subject)),
      el('dl', { class: 'pairs' }, ...rows, ...moving.flat()),
    );
  }

  draw(peer: Peer, rates: Rates | undefined, now: number): void {
    const moving = rates === undefined ? '' : `, ${rate(rates.messages)}, ${size(rates.bytes)}/s`;
    this.#set('connected', `${age(now - peer.since)} ago`);
    this.#set('sent', `${counted(peer.messagesIn, 'message')}, ${size(peer.bytesIn)}${moving}`);
    this.#set('got', `${counted(peer.messagesOut, 'message')}, ${size(peer.bytesOut)}`);
    this.#set(
      'backlog',
      `${size(peer.backlog)}${peer.held ? ', not read: the other side is slow, or it is above its rate' : ''}`,
    );
    this.#set('last pong', peer.lastPongAt === 0 ? 'none yet' : `${duration(Math.max(0, now - peer.lastPongAt))} ago`);
  }

  #set(name: string, text: string): void {
    const value = this.#figures.get(name);
    if (value !== undefined) setText(value, text);
  }
}

function day(at: number): string {
  return Number.isFinite(at) && Math.abs(at) < 8.64e15 ? new Date(at).toISOString().slice(0, 10) : 'for ever';
}
