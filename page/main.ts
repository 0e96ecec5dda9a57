import { CallDetail } from './call-detail.js';
import { Calls } from './calls.js';
import { Charts } from './charts.js';
import { duration } from './format.js';
import { drawGuide } from './guide.js';
import { drawConnection, drawHeader } from './header.js';
import { Model } from './model.js';
import { Poller } from './poll.js';
import { Sessions } from './sessions.js';
import { Troubles } from './troubles.js';

const model = new Model();
const charts = new Charts();
const troubles = new Troubles();

const detail = new CallDetail((sequence) => {
  calls.select(0);
  calls.focus(sequence);
});
const calls = new Calls((one) => {
  calls.select(one.sequence);
  void detail.show(one, model.service?.spansTo ?? null);
});

const poller = new Poller({
  question: () => model.question(),
  answered: (answer) => {
    model.take(answer);
    drawHeader(answer.service);
    drawConnection(true, 'live');
    drawGuide(model);
    charts.draw(model.points);
    calls.draw(model);
    sessions.draw(model);
    troubles.draw(model);
  },
  failed: (why, wait) => drawConnection(false, `no answer (${why}): again in ${duration(wait)}`),
});
const sessions = new Sessions(model.choice, () => poller.now());

poller.now();
