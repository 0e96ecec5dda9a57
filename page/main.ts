import { Address } from './address.js';
import type { Invocation } from './answer-past.js';
import { CallPanel } from './call-panel.js';
import { Calls } from './calls.js';
import { Charts } from './charts.js';
import { Connection } from './connection.js';
import { byId } from './element.js';
import { Fields } from './fields.js';
import { drawGuide } from './guide.js';
import { drawHeader } from './header.js';
import { MeetupPanel } from './meetup-panel.js';
import { Model } from './model.js';
import { Panel } from './panel.js';
import { Poller } from './poll.js';
import { Sessions } from './sessions.js';
import { Troubles } from './troubles.js';

const model = new Model();
const connection = new Connection();
const charts = new Charts();

// Whatever is chosen goes into the URL, and what stands there is asked for and drawn.
const address = new Address(() => {
  drawView();
  poller.now();
});
const opening = {
  call: ({ traceId }: Invocation) => address.go({ trace: traceId }),
  meetup: (meetup: string) => address.go({ meetup, trace: '' }),
  callsOf: (meetup: string) => {
    address.go({ calls: meetup, failure: 'any', meetup: '', trace: '' });
    byId('calls', HTMLElement).focus();
  },
};
const fields = new Fields((change) => address.go(change));
const calls = new Calls(opening);
const sessions = new Sessions(opening.meetup, (change) => address.go(change));
const troubles = new Troubles(opening.meetup);
const panel = new Panel(() => {
  if (address.view.trace === '') address.go({ meetup: '' });
  else {
    address.go({ trace: '' });
    if (address.view.meetup === '') calls.focus();
  }
});
const callPanel = new CallPanel(panel, opening);
const meetupPanel = new MeetupPanel(panel, opening);

/** Draws what depends on the view, of what is known already. */
function drawView(): void {
  const { view } = address;
  fields.draw(view);
  calls.draw(model, view);
  drawPanel();
}

function drawPanel(): void {
  const { trace, meetup } = address.view;
  const { service } = model;
  if (service === undefined) return;
  if (trace === '') callPanel.leave();
  if (trace !== '' || meetup === '') meetupPanel.leave();
  if (trace !== '') void callPanel.show(trace, service);
  else if (meetup === '') panel.hide();
  // The last answer may be about another.
  else if (model.meetupAsked === meetup) meetupPanel.show(meetup, model.meetup, service.now);
}

const poller = new Poller({
  question: () => model.question(address.view, Date.now()),
  answered: (answer) => {
    model.take(answer, Date.now());
    address.correct({ offset: answer.sessions.offset });
    connection.live();
    drawHeader(answer.service);
    drawGuide(model);
    charts.draw(model.points);
    drawView();
    sessions.draw(model, address.view);
    troubles.draw(model, address.view);
  },
  failed: (why, wait) => connection.lost(why, wait),
});

fields.draw(address.view);
poller.now();
