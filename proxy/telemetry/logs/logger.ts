import { type DestinationStream, destination, type Logger, pino } from 'pino';
import { LOG_LEVELS, type LogFormat, type LogLevel, type LogThreshold } from '../../wire/log-levels.js';
import type { MetricSource } from '../metrics/metrics.js';
import { sampleOf } from '../metrics/sample.js';
import { humanStream } from './human.js';

export type { Logger } from 'pino';

/** Bytes of log lines that may wait for a slow reader of stdout; further lines are dropped and counted. */
export const MAX_LOG_BACKLOG_BYTES = 1_048_576;

/** The log with its level, its losses and its end. */
export interface Log {
  readonly logger: Logger;
  /** Lines that were dropped. */
  readonly source: MetricSource;
  /** The current level; `fatal` while the log is silent, since that level is the nearest. */
  level(): LogLevel;
  /** Changes the level at once. */
  setLevel(level: LogThreshold): void;
  /** Writes the lines that wait, before the process exits. */
  flush(): void;
}

/**
 * The service's log on stdout. A reader who stops reading costs lines, not the relay: writing never blocks the event loop.
 */
export function startLog(level: LogThreshold, format: LogFormat): Log {
  const isHuman = format === 'text' || (format === 'auto' && process.stdout.isTTY === true);
  return isHuman ? humanLog(level) : jsonLog(level);
}

function humanLog(level: LogThreshold): Log {
  process.stdout.on('error', survive);
  return logOf(
    createLogger(level, humanStream(process.stdout)),
    () => 0,
    () => {},
  );
}

/** Lines are gathered for this many milliseconds or characters: a write for each line would be a third of the cost of a connect. */
const GATHER = 20;
const GATHER_CHARS = 65_536;

function jsonLog(level: LogThreshold): Log {
  const stdout = destination({ fd: 1, sync: false, maxLength: MAX_LOG_BACKLOG_BYTES });
  let dropped = 0;
  stdout.on('drop', (lines: string) => {
    dropped += lines.split('\n').length - 1;
  });
  stdout.on('error', survive);
  // The stream measures all that it has gathered at each line that it is given, so the lines are gathered here.
  let gathered = '';
  let isDue = false;
  const handOver = (): void => {
    const lines = gathered;
    gathered = '';
    if (lines !== '') stdout.write(lines);
  };
  const write = (line: string): void => {
    gathered += line;
    if (gathered.length >= GATHER_CHARS) handOver();
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      handOver();
    }, GATHER).unref();
  };
  const log = logOf(
    createLogger(level, { write }),
    () => dropped,
    () => {
      handOver();
      stdout.flushSync();
    },
  );
  // The lines are written after an uncaught fault, too.
  process.once('exit', () => log.flush());
  return log;
}

/** A closed pipe must not end the service. */
function survive(): void {}

function logOf(logger: Logger, dropped: () => number, flush: () => void): Log {
  return {
    logger,
    source: { samples: () => [['ws_proxy.log.dropped', sampleOf(dropped())]] },
    level: () => LOG_LEVELS.find((level) => level === logger.level) ?? 'fatal',
    setLevel: (to) => {
      logger.level = to;
    },
    flush: () => {
      try {
        flush();
      } catch {
        // The stream is closed or was never opened, so there is nothing to write to.
      }
    },
  };
}

/** Makes a logger on any stream: level as a word, time in UTC, no host name and no pid. */
export function createLogger(level: LogThreshold, stream: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: timeField,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorOf },
    },
    stream,
  );
}

let writtenAt = Number.NaN;
let timeText = '';

/** The field of a line's time. Lines of one millisecond share its text: one upgrade alone writes several. */
function timeField(): string {
  const now = Date.now();
  if (now === writtenAt) return timeText;
  writtenAt = now;
  timeText = `,"time":"${new Date(now).toISOString()}"`;
  return timeText;
}

/** Writes an error as its name and message. The stack is written only for our own faults, which no peer's input causes. */
function errorOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  return { type: error.name, message: error.message, stack: error.stack };
}
