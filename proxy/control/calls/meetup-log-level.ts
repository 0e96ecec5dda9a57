import { LOG_LEVELS } from '../../wire/log-levels.js';
import { faultOf } from '../../wire/path.js';
import type { MeetupLogLevel } from '../generated/micronets/wsproxy/control/v1/MeetupLogLevel.js';
import type { SetMeetupLogLevelRequest__Output } from '../generated/micronets/wsproxy/control/v1/SetMeetupLogLevelRequest.js';
import type { SetMeetupLogLevelResponse } from '../generated/micronets/wsproxy/control/v1/SetMeetupLogLevelResponse.js';
import type { Caller } from '../rpc/caller.js';
import { badField, full } from '../rpc/fault.js';
import { durationWithin } from '../rpc/field-values.js';
import type { MeetupLevel, MeetupLevels } from '../rpc/ports.js';
import { timestamp } from '../rpc/times.js';
import { authorOf } from './set-block.js';

/** How long a meetup has a log level of its own: usually, at least and at most, milliseconds. */
const TIME = { usual: 10 * 60_000, least: 1_000, most: 86_400_000 };

/** SetMeetupLogLevel. Throws Fault. */
export function setMeetupLogLevel(
  levels: MeetupLevels,
  request: SetMeetupLogLevelRequest__Output,
  { identity }: Caller,
): SetMeetupLogLevelResponse {
  const { meetup_id: meetupId } = request;
  const fault = faultOf(meetupId);
  if (fault !== undefined) throw badField('meetup_id', fault);
  const ms = durationWithin('duration', request.duration, TIME.least, TIME.most) ?? TIME.usual;
  if (request.level === '') {
    levels.lift(meetupId);
    return { meetup_log_level: null };
  }
  const level = LOG_LEVELS.find((one) => one === request.level);
  if (level === undefined) throw badField('level', `must be one of ${LOG_LEVELS.join(', ')}, or empty to end one`);
  const made = levels.set(meetupId, level, ms, authorOf(identity));
  if (made === undefined) throw full('LOG_LEVELS_FULL', 'too many meetups have a log level of their own: end some', 60);
  return { meetup_log_level: meetupLevelResource(made) };
}

/** Shows a log level that a meetup has for itself, as the API tells it. */
export function meetupLevelResource({ meetupId, level, until, by }: MeetupLevel): MeetupLogLevel {
  return { meetup_id: meetupId, level, expire_time: timestamp(until), creator: by };
}
