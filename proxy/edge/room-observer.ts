import type { AdmissionLimits } from '../policy/admission-limits.js';
import type { Observer } from '../session/ports.js';

/** Gives back, when a peer is seated or gone, the room that the door took for it. */
export function roomObserver(limits: AdmissionLimits): Observer {
  return {
    seated: (peer) => limits.greeted(peer.admission.identity.fingerprint),
    ended: (peer) => limits.left(peer.admission.identity.fingerprint, peer.hello !== undefined),
  };
}
