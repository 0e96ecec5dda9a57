import type { QuickStart } from './answer.js';
import { byId, el, setAll, setText } from './element.js';
import type { Model } from './model.js';

interface Step {
  readonly title: string;
  readonly why: string;
  readonly commands: readonly string[];
}

const section = byId('guide', HTMLElement);
let shown: string | undefined;

/** Tells a newcomer the next command, until the first call has come. */
export function drawGuide(model: Model): void {
  const { service } = model;
  const guide = service?.quickStart ?? undefined;
  const place = guide === undefined ? undefined : placeOf(model);
  const key = place === undefined ? undefined : `${place} ${service?.id}`;
  if (key === shown) return;
  shown = key;
  section.hidden = place === undefined;
  section.replaceChildren();
  if (guide === undefined || place === undefined) return;
  const items = stepsOf(guide).map((step, i) => drawStep(step, i, place));
  section.append(el('h2', {}, 'First steps'), el('ol', { class: 'steps' }, ...items));
}

/** The step that comes next: 0 to 2; undefined once there was a call. */
function placeOf({ service, sessions }: Model): number | undefined {
  if (service === undefined || service.calls > 0) return undefined;
  if (service.paired > 0) return 2;
  if (service.waiting === 0) return 0;
  const waits = sessions.items.flatMap(({ peers }) => peers);
  return waits.some(({ peerClass }) => /bridge|manager/i.test(peerClass)) ? 0 : 1;
}

function stepsOf({ api, gateway, bridge, call }: QuickStart): Step[] {
  return [
    {
      title: 'Start the gateway’s side',
      why: 'An HTTP API to call, and a gateway in front of it; each in a terminal of its own.',
      commands: [api, gateway],
    },
    {
      title: 'Start the manager’s side',
      why: 'It takes HTTP on a port of this host, and meets the gateway at the same address.',
      commands: [bridge],
    },
    { title: 'Call the API behind the NAT', why: 'The call appears below, with its span.', commands: [call] },
  ];
}

function drawStep({ title, why, commands }: Step, i: number, place: number): HTMLLIElement {
  const standing = i < place ? 'done' : i === place ? 'next' : 'later';
  const item = el('li', { class: standing }, el('h3', {}, title));
  setAll(item, { 'aria-current': standing === 'next' ? 'step' : false });
  if (standing === 'done') item.append(el('p', {}, 'Done.'));
  if (standing === 'next') item.append(el('p', {}, why), ...commands.map(command));
  return item;
}

function command(text: string): HTMLElement {
  return el('div', { class: 'command' }, el('pre', {}, text), copyButton(text, 'Copy the command'));
}

/** A button that puts a text on the clipboard. */
export function copyButton(text: string, label: string): HTMLButtonElement {
  const button = el('button', { type: 'button', class: 'copy', 'aria-label': label }, 'Copy');
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(text).then(
      () => setText(button, 'Copied'),
      () => setText(button, 'Select it'),
    );
  });
  return button;
}
