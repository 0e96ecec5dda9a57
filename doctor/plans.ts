import { AdminFailure, EXIT } from '../admin/exit-codes.js';
import type { DoctorFlags } from './command.js';
import type { View } from './finding.js';
import type { RunFolder } from './run-folder.js';

/** A view that is wanted, with the URL where one was given. */
export interface Wanted {
  readonly view: View;
  readonly url: URL | undefined;
}

/** Returns the views that are wanted. Throws AdminFailure (2) for a URL or a combination of flags that makes no sense. */
export function plansOf(
  text: string | undefined,
  flags: Pick<DoctorFlags, 'as' | 'config'>,
  run: RunFolder,
): readonly Wanted[] {
  if (text === undefined) return withoutUrl(flags, run);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const view = url === undefined ? undefined : VIEW_OF[url.protocol];
  if (url === undefined || view === undefined) {
    throw usage(`${text}: give wss://HOST:PORT/… as a peer dials it, or https://HOST:PORT of the control API`);
  }
  if (url.username !== '' || url.password !== '') throw usage('a peer and an operator have a certificate, no password');
  if (flags.as === 'host') throw usage('--as host looks at this machine: leave the URL out');
  if (flags.as !== undefined && flags.as !== view) {
    throw usage(`--as ${flags.as} goes with a URL that starts with ${flags.as === 'peer' ? 'wss://' : 'https://'}`);
  }
  return [{ view, url }];
}

const VIEW_OF: Readonly<Record<string, 'peer' | 'operator'>> = { 'wss:': 'peer', 'https:': 'operator' };

function withoutUrl({ as: view, config }: Pick<DoctorFlags, 'as' | 'config'>, run: RunFolder): readonly Wanted[] {
  const isNeeded = view !== 'host' || config === undefined;
  if (isNeeded && !run.isThere) {
    throw usage(
      `there is no run of npm start in ${run.path}: give a URL, or --as host with --config; WS_PROXY_RUN_DIR names another folder`,
    );
  }
  const views: readonly View[] = view === undefined ? ['peer', 'operator', 'host'] : [view];
  return views.map((one) => ({ view: one, url: undefined }));
}

function usage(message: string): AdminFailure {
  return new AdminFailure(message, EXIT.usage);
}
