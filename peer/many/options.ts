import { type Command, Option } from 'commander';
import { count, duration } from '../../proxy/values/argument.js';
import { writeDuration } from '../../proxy/values/duration.js';
import { manyDefaults } from '../limits.js';

/** A larger table is a slip of the keyboard. */
const MAX_MEETUPS = 1_000_000;
/** Each is of use with `--many` only. */
const OF_MANY = { maxMeetups: '--max-meetups', maxPerMeetup: '--max-per-meetup', wait: '--wait', idle: '--idle' };

/** Adds `--many` and the options that go with it. */
export function withMany(command: Command): Command {
  return command
    .option(
      '--many',
      'serve every meetup below --url: http://HOST:PORT/MEETUP/-/PATH, or MEETUP in the header Ws-Proxy-Meetup',
    )
    .option(
      '--max-meetups <count>',
      'with --many: meetups at one time, a connection each',
      count({ max: MAX_MEETUPS }),
      manyDefaults.maxMeetups,
    )
    .option(
      '--max-per-meetup <count>',
      'with --many: requests of one meetup at one time, those that wait included',
      count({ max: MAX_MEETUPS }),
      manyDefaults.maxPerMeetup,
    )
    .addOption(timeOption('--wait <time>', 'time that a request waits while its meetup is opened', manyDefaults.wait))
    .addOption(timeOption('--idle <time>', 'time without a request after which a meetup is closed', manyDefaults.idle));
}

/** The fault of the options of `peer bridge` together, or undefined. */
export function manyFault(command: Command): string | undefined {
  const { many, url } = command.opts<{ readonly many?: true; readonly url: string }>();
  if (many !== true) {
    const [, option] = Object.entries(OF_MANY).find(([key]) => command.getOptionValueSource(key) === 'cli') ?? [];
    return option && `option '${option}' is for a bridge with --many`;
  }
  if (!url.includes('?')) return undefined;
  return "option '--url' has a query: with --many it is the address of all meetups, wss://HOST:5050/micronets/v1/ws-proxy";
}

function timeOption(flag: string, what: string, preset: number): Option {
  const read = duration({ min: 1, max: 86_400_000 });
  return new Option(flag, `with --many: ${what}`).argParser(read).default(preset, writeDuration(preset));
}
