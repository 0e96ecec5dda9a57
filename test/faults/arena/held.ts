import { get, waitFor } from '../../../dev/wait.js';

/** Milliseconds until the service counts what is there, and nothing that has gone. */
const COUNTED_MS = 30_000;

/** Resolves when the service counts that many connections; rejects where it does not come to that. */
export async function holdsOnly(connections: number, metricsPort: number): Promise<void> {
  const never = new AbortController().signal;
  const counted = async (): Promise<true | undefined> => {
    const page = (await get(`http://127.0.0.1:${metricsPort}/metrics`)) ?? '';
    const count = (of: string): number =>
      [...page.matchAll(new RegExp(`^ws_proxy_${of}\\{[^}]*\\} (\\d+)`, 'gm'))].reduce(
        (sum, [, number]) => sum + Number(number),
        page === '' ? Number.NaN : 0,
      );
    return count('connections') === connections && count('sessions') === connections / 2 ? true : undefined;
  };
  await waitFor('the service still counts connections of peers that have gone', COUNTED_MS, never, counted);
}
