import {
  type ChannelCredentials,
  Client,
  type ClientOptions,
  status as Code,
  credentials,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import { type MutualTls, namedOnly } from '../../transport/mutual-tls.js';
import { MAX_ANSWER_BYTES } from '../rpc/client.js';
import { controlService } from '../rpc/contract.js';
import type { AnswerOf, ControlMethod, RequestOf, StreamMethod, UnaryMethod } from '../rpc/handlers.js';
import { hopHeaders } from '../rpc/hop.js';
import { FailedSource, type MessageSource, StreamSource } from './message-source.js';
import type { Replica } from './replica.js';

/**
 * Settings of a channel to another replica. It has a connection of its own, ignores the proxies of the environment, notices a line that is cut
 * after seven seconds, and is tried again soon after a failure.
 */
const CHANNEL: ClientOptions = {
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_http_proxy': 0,
  'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
  'grpc.keepalive_time_ms': 5_000,
  'grpc.keepalive_timeout_ms': 2_000,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  // A name to ask for that is no IP address, which TLS has no place for. Who answers is judged by the name in the certificate.
  'grpc.ssl_target_name_override': 'replica',
};

function mutual({ ca, key, cert, name }: MutualTls): ChannelCredentials {
  return credentials.createSsl(ca, key, cert, { checkServerIdentity: namedOnly(name) });
}

/** Names of the run that asks and of the replica that is asked. */
export interface ClientOf extends Pick<Replica, 'name' | 'incarnation' | 'isSelf'> {
  /** Incarnation of the replica that asks, at present. */
  readonly own: () => string;
}

/** A client of one replica's own control API. It connects at its first call. */
export class ReplicaClient implements Replica {
  readonly name: string;
  readonly incarnation: string;
  readonly isSelf: boolean;
  readonly #own: () => string;
  readonly #client: Client;
  #isClosed = false;

  /** @param address `unix:PATH`, or `HOST:PORT`; over TCP to another replica with mutual TLS */
  constructor({ name, incarnation, isSelf, own }: ClientOf, address: string, tls: MutualTls | undefined) {
    this.name = name;
    this.incarnation = incarnation;
    this.isSelf = isSelf;
    this.#own = own;
    this.#client = new Client(address, tls === undefined ? credentials.createInsecure() : mutual(tls), CHANNEL);
  }

  ask<M extends UnaryMethod>(method: M, request: RequestOf<M>, headers: Metadata, time: number): Promise<AnswerOf<M>> {
    const { path, requestSerialize, responseDeserialize } = definitionOf(method);
    const deadline = Date.now() + time;
    if (this.#isClosed) return Promise.reject(closed(this.name));
    return new Promise((resolve, reject: (error: ServiceError) => void) => {
      const done = (error: ServiceError | null, answer?: AnswerOf<M>): void => {
        if (error !== null) reject(error);
        else if (answer !== undefined) resolve(answer);
      };
      const sent = this.#headers(headers);
      this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, sent, { deadline }, done);
    });
  }

  open<M extends StreamMethod>(method: M, request: RequestOf<M>, headers: Metadata): MessageSource<AnswerOf<M>> {
    const { path, requestSerialize, responseDeserialize } = definitionOf(method);
    if (this.#isClosed) return new FailedSource(closed(this.name));
    const sent = this.#headers(headers);
    return new StreamSource(
      this.#client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, sent),
    );
  }

  /** Takes no more calls; those under way go on to their end. */
  close(): void {
    this.#isClosed = true;
    this.#client.close();
  }

  #headers(caller: Metadata): Metadata {
    return hopHeaders(caller, { from: this.#own(), to: this.incarnation });
  }
}

/** The failure of a call on a run that is no longer among the living, or whose address or material is another one by now. */
function closed(replica: string): ServiceError {
  const details = `the connection to ${replica} was given up`;
  return Object.assign(new Error(details), { code: Code.UNAVAILABLE, details, metadata: new Metadata() });
}

function definitionOf<M extends ControlMethod>(
  method: M,
): MethodDefinition<RequestOf<M>, AnswerOf<M>, RequestOf<M>, AnswerOf<M>> {
  return controlService[method] as unknown as MethodDefinition<RequestOf<M>, AnswerOf<M>, RequestOf<M>, AnswerOf<M>>;
}
