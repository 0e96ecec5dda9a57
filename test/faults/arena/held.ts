import { get, waitFor } from '../../../dev/wait.js';

/** Milliseconds until the service counts what is there, and nothing that has gone. */
const COUNTED_MS = 30_000;

/** The sum of a gauge of the service on a page of metrics; NaN where the page has none of that name. */
export function gaugeIn(page: string, name: string): number {
  const samples = [...page.matchAll(new RegExp(`^ws_proxy_${name}(?:\\{[^}]*\\})? (\\d+)`, 'gm'))];
  return samples.length === 0 ? Number.NaN : samples.reduce((sum, [, value]) => sum + Number(value), 0);
}

/** Resolves when the service counts that many connections; rejects where it does not come to that. */
export async function holdsOnly(connections: number, metricsPort: number): Promise<void> {
  const never = new AbortController().signal;
  const counted = async (): Promise<true | undefined> => {
    const page = (await get(`http://127.0.0.1:${metricsPort}/metrics`)) ?? '';
    const isSo = gaugeIn(page, 'connections') === connections && gaugeIn(page, 'sessions') === connections / 2;
    return isSo || undefined;
  };
  await waitFor('the service still counts connections of peers that have gone', COUNTED_MS, never, counted);
}
