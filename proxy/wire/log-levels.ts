/** Levels of log lines, most talkative first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The least level that is logged; `silent` logs nothing. */
export const LOG_THRESHOLDS = [...LOG_LEVELS, 'silent'] as const;
export type LogThreshold = (typeof LOG_THRESHOLDS)[number];

/** `json`: one object a line; `text`: terse lines for people; `auto`: text on a terminal, else json. */
export const LOG_FORMATS = ['auto', 'json', 'text'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];
