import type { Outlet } from '../rpc/outlet.js';
import { missOf, PassedFault, unreachable } from './answers.js';
import type { MessageSource } from './message-source.js';

/** Passes another replica's stream on, no faster than the client takes it, and ends as it ends. */
export function passOn<Message>(
  source: MessageSource<Message>,
  outlet: Pick<Outlet<Message>, 'begin' | 'ready' | 'write' | 'end' | 'attempt' | 'onReady' | 'onceStopped'>,
  replica: string,
): void {
  let isBegun = false;
  const pump = (): void => {
    if (source.isSetUp && !isBegun) {
      isBegun = true;
      outlet.begin();
    }
    while (outlet.ready) {
      const message = source.take();
      if (message === undefined) break;
      outlet.write(message);
    }
    const { ending } = source;
    if (ending === undefined) return;
    if (ending === 'done') outlet.end();
    else if (missOf(ending).t === 'refused') throw new PassedFault(ending);
    else throw unreachable([replica], 'its stream has broken off');
  };
  outlet.onReady = pump;
  outlet.onceStopped(() => source.cancel());
  source.onNews = () => outlet.attempt(pump);
  outlet.attempt(pump);
}
