import { FakeClock } from './fake-clock.js';
import { Meeting, type Pair } from './pair.js';
import { SpanList } from './span-list.js';
import { type Watch, watch } from './watch.js';

/** A pair whose invocations are watched, on a fake clock; every span is kept. */
export interface Scene extends Watch {
  readonly clock: FakeClock;
  readonly meeting: Meeting;
  readonly pair: Pair;
  readonly spans: SpanList;
}

export function scene(given: Parameters<typeof watch>[1] = {}): Scene {
  const clock = new FakeClock();
  const spans = new SpanList();
  const watched = watch(clock, { spans, ...given });
  watched.invocations.start();
  const meeting = new Meeting({ messages: watched.invocations, statistics: watched.invocations, clock });
  return { ...watched, clock, meeting, spans, pair: meeting.pair() };
}
