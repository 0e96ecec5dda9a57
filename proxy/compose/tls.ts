import type { ReadTls } from '../door/tls-files.js';
import { timeFault } from '../door/tls-files.js';
import { WatchedTls } from '../door/watched-tls.js';
import type { Clock } from '../ports/clock.js';
import type { WatchedCertificate } from '../telemetry/metrics/metric-table.js';
import type { Telemetry } from './telemetry.js';
import type { Undo } from './unwind.js';

export interface TlsParts {
  readonly read: () => Promise<ReadTls | undefined>;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  /** Takes the step that ends the watch of the files. */
  readonly undo: Undo[];
}

/** Who refuses this replica while its certificate is out of its time. */
const OTHER_SIDES: Readonly<Partial<Record<WatchedCertificate, string>>> = {
  service: 'the edge refuses this service until then',
  hop: 'the other replicas refuse this one until then',
};

/** Opens the mutual TLS of a listener, and tells when it is renewed and when it ends. Undefined where there is none. Throws a ListenError. */
export async function openTls(which: WatchedCertificate, parts: TlsParts): Promise<WatchedTls | undefined> {
  const { read, telemetry, clock, undo } = parts;
  const { logger } = telemetry.log;
  let isRenewal = false;
  const watched = await WatchedTls.open({
    ...{ read, clock },
    observer: {
      read({ notAfter }) {
        telemetry.gauges.certificateExpires(which, notAfter);
        if (isRenewal) logger.info({ certificate: which }, 'certificate renewed');
        isRenewal = true;
      },
      refused: (detail) =>
        logger.error({ certificate: which, detail }, 'the certificate on disk cannot be used; the one before stays'),
    },
  });
  if (watched === undefined) return undefined;
  undo.push(() => watched.close());
  const untimely = timeFault(watched.present, clock.now() / 1000);
  if (untimely !== undefined) logger.warn({ detail: untimely }, OTHER_SIDES[which]);
  return watched;
}
