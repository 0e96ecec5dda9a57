/** The reasons why a request gets no response. */
export type FailureReason =
  /** The other peer is not there; nothing was sent. */
  | 'not_paired'
  /** The limit of requests in flight is reached; nothing was sent. */
  | 'too_many'
  /** The message is over the limit of bytes; nothing was sent. */
  | 'too_big'
  /** The messages that wait to be sent are over the limit of bytes; nothing was sent. */
  | 'congested'
  /** The proxy closed before it took the request: nobody got it, and it may be sent again. */
  | 'not_taken'
  /** The session moved to another connection, and the other peer was not back in time; nobody got the request. */
  | 'moved'
  /** No response before the deadline. */
  | 'timeout'
  /** The connection ended while the response was awaited; whether the request was carried out is not known. */
  | 'disconnected'
  /** The caller gave up. */
  | 'aborted'
  /** The response came and is not valid. */
  | 'bad_response';

/** A request that got no response. The message is one line for people. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';
  /** What happened to the request. */
  readonly reason: FailureReason;

  /** The message is for people. */
  constructor(reason: FailureReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
