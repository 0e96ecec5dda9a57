/** The traffic of one connection so far: plain integers, read by metrics and the control API, written on the hot path. */
export interface Counters {
  messagesIn: number;
  bytesIn: number;
  messagesOut: number;
  bytesOut: number;
}

export function zeroCounters(): Counters {
  return { messagesIn: 0, bytesIn: 0, messagesOut: 0, bytesOut: 0 };
}
