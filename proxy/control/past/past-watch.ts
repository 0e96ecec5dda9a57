import type { Memory } from '../../history/memory.js';
import type { KeptCall } from '../../history/records.js';
import type { WatchHistoryRequest__Output } from '../generated/micronets/wsproxy/control/v1/WatchHistoryRequest.js';
import type { WatchHistoryResponse } from '../generated/micronets/wsproxy/control/v1/WatchHistoryResponse.js';
import type { Outlet } from '../rpc/outlet.js';
import { callTest, refusalTest, visitTest } from './past-query.js';
import { type CallPlace, callResource, refusalResource, visitResource } from './past-resources.js';

/** WatchHistory of this replica. What a client does not take in time is left out and counted, so a slow one costs nothing. Throws Fault. */
export function watchHere(
  memory: Memory,
  place: CallPlace,
  request: WatchHistoryRequest__Output,
  outlet: Outlet<WatchHistoryResponse>,
): void {
  const { replica } = place;
  const { visits, refusals, calls } = kindsIn(request);
  const [isCall, isRefusal, isVisit] = [callTest(request), refusalTest(request), visitTest(request)];
  let skipped = 0;
  const send = (happening: WatchHistoryResponse): void => {
    if (!outlet.ready) {
      skipped += 1;
      return;
    }
    outlet.write({ ...happening, skipped });
    skipped = 0;
  };
  outlet.begin();
  outlet.onReady = () => {
    if (skipped > 0) send({});
  };
  if (visits) {
    const tell = memory.visitFollowers.add((one) => isVisit(one) && send({ visit: visitResource(one, replica) }));
    outlet.onceStopped(tell);
  }
  if (refusals) {
    const tell = memory.refusalFollowers.add(
      (one) => isRefusal(one) && send({ refusal: refusalResource(one, replica) }),
    );
    outlet.onceStopped(tell);
  }
  if (calls) {
    const tell = (one: KeptCall): void => void (isCall(one) && send({ call: callResource(one, place) }));
    outlet.onceStopped(memory.callFollowers.add(tell));
  }
}

/** The kinds that are asked for; all where none is. */
function kindsIn({
  visits,
  refusals,
  calls,
}: WatchHistoryRequest__Output): Record<'visits' | 'refusals' | 'calls', boolean> {
  const all = !visits && !refusals && !calls;
  return { visits: visits || all, refusals: refusals || all, calls: calls || all };
}
