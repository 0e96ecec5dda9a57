import type { CallTotals, MeetupHistory, Visit } from './answer-past.js';
import { callLine } from './call-line.js';
import type { Opening } from './call-row.js';
import { claim, el } from './element.js';
import { age, count, counted, dayAndTime, duration } from './format.js';
import { type Panel, pairs, type Row } from './panel.js';
import { grouped } from './trouble-groups.js';
import { troubleParts, whenOf } from './troubles.js';

/** Calls that are listed before those that failed are. */
const CALLS = 15;

/** Shows what is remembered of one meetup: what is wrong in words, its calls, and who came, was refused and went. */
export class MeetupPanel {
  readonly #panel: Panel;
  readonly #open: Opening;
  #drawn = '';

  constructor(panel: Panel, open: Opening) {
    this.#panel = panel;
    this.#open = open;
  }

  /** `now`: the service's clock. */
  show(meetupId: string, history: MeetupHistory | null, now: number): void {
    // While nothing changes, nothing is drawn anew: a reader may have something selected.
    const drawn = JSON.stringify([meetupId, history, history === null ? 0 : Math.floor(now / 10_000)]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const body = history === null ? [el('p', {}, NOTHING)] : this.#draw(history, now);
    this.#panel.show({ key: `meetup ${meetupId}`, title: claim(meetupId), body });
  }

  /** Something else is shown. */
  leave(): void {
    this.#drawn = '';
  }

  #draw(history: MeetupHistory, now: number): Node[] {
    const { findings, present, past, visits, refusals, calls, failedCalls, keptCalls, totals, since } = history;
    const zone = new Date(now).getTimezoneOffset() === 0 ? '' : ' Times in these sentences are UTC.';
    const errors = failedCalls.filter(({ failure }) => failure !== 'answered_4xx');
    return [
      el('ul', { class: 'findings' }, ...findings.map((text) => el('li', {}, claim(text)))),
      el('p', { class: 'note' }, `Remembered since ${dayAndTime(since)}.${zone}`),
      el('h3', {}, `Calls (${count(totals.calls)})`),
      pairs(totalRows(totals)),
      ...this.#lines('The last errors', errors.slice(0, CALLS)),
      ...this.#lines('The last of all', calls.slice(0, CALLS)),
      el(
        'p',
        { class: 'note' },
        `Of ${counted(totals.calls, 'call')} ${keptCalls === 1 ? '1 is' : `${count(keptCalls)} are`} kept.`,
      ),
      this.#allCalls(history.meetupId),
      el('h3', {}, `Here now (${present.length})`),
      ...(present.length === 0 ? [el('p', { class: 'note' }, 'Nobody.')] : present.map((one) => visitBlock(one, now))),
      el('h3', {}, `Who came and went (${count(visits)} came, ${counted(history.met, 'pair')})`),
      el('p', { class: 'note' }, endingsText(history)),
      ...past.map((one) => visitBlock(one, now)),
      el('h3', {}, 'Refused'),
      ...(refusals.length === 0
        ? [el('p', { class: 'note' }, 'Nobody was refused here.')]
        : grouped(refusals).map((group) =>
            el('div', { class: 'trouble' }, ...troubleParts(group.last, whenNode(whenOf(group, now)), undefined)),
          )),
    ];
  }

  #allCalls(meetupId: string): HTMLElement {
    const button = el('button', { type: 'button', 'data-of': 'all calls' }, 'All of them in the list');
    button.addEventListener('click', () => this.#open.callsOf(meetupId));
    return button;
  }

  #lines(title: string, calls: MeetupHistory['calls']): Node[] {
    if (calls.length === 0) return [];
    return [el('h4', {}, title), ...calls.map((one) => callLine(one, this.#open.call))];
  }
}

const NOTHING =
  'Nothing is remembered of this meetup by this replica: nobody came or was refused there since the service started, or it is forgotten. Of several replicas, ws-proxy history asks all.';

function whenNode(text: string): HTMLElement {
  return el('span', { class: 'note' }, text);
}

function totalRows(totals: CallTotals): Row[] {
  const { notAnswered, answered5xx, answered4xx, meanPeerMs, meanProxyMs, mostPeerMs, mostProxyMs } = totals;
  const time = (mean: number | null, most: number | null): string =>
    mean === null || most === null ? 'none answered' : `${duration(mean)} on average, ${duration(most)} at most`;
  return [
    [
      'failed',
      `${count(notAnswered)} not answered, ${count(answered5xx)} answered 5xx, ${count(answered4xx)} answered 4xx`,
    ],
    ['at the peer', time(meanPeerMs, mostPeerMs)],
    ['in the proxy', time(meanProxyMs, mostProxyMs)],
  ];
}

function endingsText({ endings }: MeetupHistory): string {
  if (endings.length === 0) return 'None has gone.';
  return `How connections ended: ${endings.map(({ label, count: times }) => `${label} ${count(times)}`).join(', ')}.`;
}

function visitBlock(
  { role, subject, peerId, remote, came, met, went, label, meaning, text }: Visit,
  now: number,
): HTMLElement {
  const stayed = `${dayAndTime(came)}, ${went === null ? `here for ${age(now - came)}` : `stayed ${duration(went - came)}`}`;
  const alone = met === null ? ', met nobody' : '';
  const end = label === null ? [] : [el('p', {}, `${label}${text === '' ? '' : `: ${text}`}. ${meaning}`)];
  return el(
    'div',
    { class: 'visit' },
    el('p', {}, el('strong', {}, role), ' ', claim(subject)),
    el('p', { class: 'note' }, `${stayed}${alone} · `, claim(peerId), ' · ', claim(remote)),
    ...end,
  );
}
