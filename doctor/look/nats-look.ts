import { NatsFileError } from '../../proxy/cluster/nats/line/connect-options.js';
import { refusedTo } from '../../proxy/cluster/nats/look/probe.js';
import { type SurveyedServer, type SurveyedStream, surveyStreams } from '../../proxy/cluster/nats/look/survey.js';
import { NatsUnreachable, visitNats } from '../../proxy/cluster/nats/look/visit.js';
import { natsSettings } from '../../proxy/config/bounds.js';
import type { Host } from './host.js';

/** What there is of NATS, as far as the service's user sees it. */
export type NatsLook =
  /** The service is told of no NATS. */
  | { readonly t: 'alone' }
  | { readonly t: 'untold'; readonly text: string }
  | { readonly t: 'away'; readonly servers: readonly string[]; readonly text: string }
  | {
      readonly t: 'there';
      readonly server: SurveyedServer;
      readonly streams: readonly SurveyedStream[];
      /** What the user may not do and needs to, in words; undefined while a stream is missing. */
      readonly refused: readonly string[] | undefined;
    };

const looks = new WeakMap<Host, Promise<NatsLook>>();

/** Looks once, with the options of the service; writes nothing. */
export function natsLook(host: Host): Promise<NatsLook> {
  const look = looks.get(host) ?? lookAt(host);
  looks.set(host, look);
  return look;
}

async function lookAt({ plan: { config, timeout } }: Host): Promise<NatsLook> {
  if ('fault' in config) return { t: 'untold', text: 'the options cannot be read: see configuration' };
  if (config.nats.length === 0) return { t: 'alone' };
  const settings = { ...natsSettings(config), name: 'ws-proxy doctor', requestTime: timeout };
  try {
    return await visitNats(settings, timeout, async (visit) => {
      const look = await surveyStreams(visit, settings.streams);
      const areThere = look.streams.every(({ t }) => t !== 'missing');
      return { t: 'there', ...look, refused: areThere ? await refusedTo(visit) : undefined };
    });
  } catch (error) {
    if (!(error instanceof NatsUnreachable || error instanceof NatsFileError)) throw error;
    return { t: 'away', servers: config.nats, text: error.message };
  }
}
