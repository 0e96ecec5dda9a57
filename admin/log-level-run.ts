import type { Duration } from '../proxy/control/generated/google/protobuf/Duration.js';
import type { MeetupLogLevel__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/MeetupLogLevel.js';
import type { SetLogLevelResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/SetLogLevelResponse.js';
import type { SetMeetupLogLevelResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/SetMeetupLogLevelResponse.js';
import { connected } from './connection.js';
import type { ConnectionFlags } from './connection-flags.js';
import { documentOf, formOf, type OutputFlags, properties } from './output.js';
import { instant } from './past-text.js';
import type { Terminal } from './terminal.js';
import { tellUnanswered } from './unanswered.js';

type Flags = ConnectionFlags & OutputFlags;

/** `log-level`, of all. */
export async function setLogLevel(level: string, flags: Flags, io: Terminal): Promise<void> {
  const answer = await connected(flags, io.environment, ({ client, ask }) =>
    ask<SetLogLevelResponse__Output>((metadata, options, done) =>
      client.setLogLevel({ level }, metadata, options, done),
    ),
  );
  tell(answer, `${answer.level}, was ${answer.previous_level}`, flags, io);
  tellUnanswered(answer.unreachable_replicas, NOT_SET, io);
}

/** `log-level --meetup`; an empty level is that of all other meetups. */
export async function setMeetupLogLevel(
  meetup: string,
  level: string,
  flags: Flags & { readonly for?: Duration },
  io: Terminal,
): Promise<void> {
  const request = { meetup_id: meetup, level, ...(flags.for === undefined ? {} : { duration: flags.for }) };
  const answer = await connected(flags, io.environment, ({ client, ask }) =>
    ask<SetMeetupLogLevelResponse__Output>((metadata, options, done) =>
      client.setMeetupLogLevel(request, metadata, options, done),
    ),
  );
  const { meetup_log_level: made } = answer;
  tell(answer, made === null ? `that of all others for ${meetup}` : levelText(made), flags, io);
  tellUnanswered(answer.unreachable_replicas, NOT_SET, io);
}

/** `sub/1: debug until 2026-01-01T12:00:00.000Z, by CN=ops`. */
export function levelText({ meetup_id: meetup, level, expire_time: until, creator }: MeetupLogLevel__Output): string {
  return `${meetup}: ${level} until ${instant(until)}, by ${creator}`;
}

const NOT_SET = 'the level there may be as it was';

function tell(answer: object, text: string, flags: Flags, io: Terminal): void {
  const form = formOf(flags, io);
  const isData = form === 'json' || form === 'yaml';
  io.out(isData ? documentOf(answer, form) : properties([['level', text]], form));
}
