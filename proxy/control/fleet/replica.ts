import type { Metadata } from '@grpc/grpc-js';
import type { AnswerOf, RequestOf, StreamMethod, UnaryMethod } from '../rpc/handlers.js';
import type { MessageSource } from './message-source.js';

/** Time that a replica has to answer a question, milliseconds. */
export const READ_TIME = 2_000;
/** Time that a replica has to do what a call orders, milliseconds. */
export const CHANGE_TIME = 5_000;

/** One replica of the fleet, as the others ask it. */
export interface Replica {
  /** Its name, for people. */
  readonly name: string;
  /** Name of its present run. */
  readonly incarnation: string;
  /** True for the replica that asks. */
  readonly isSelf: boolean;
  /**
   * Makes a call in the name of the caller whose headers these are. Rejects with ServiceError: its own word, or the library's where it does not
   * answer within `time`, milliseconds.
   */
  ask<M extends UnaryMethod>(method: M, request: RequestOf<M>, headers: Metadata, time: number): Promise<AnswerOf<M>>;
  /** Opens a stream in the name of the caller whose headers these are. */
  open<M extends StreamMethod>(method: M, request: RequestOf<M>, headers: Metadata): MessageSource<AnswerOf<M>>;
}

/** The replicas of the fleet at one moment. */
export interface Roster {
  /** Those that can be asked, this one first. */
  readonly replicas: readonly Replica[];
  /** Names of those that cannot: they have no control API, or are more than are asked. */
  readonly unasked: readonly string[];
}
