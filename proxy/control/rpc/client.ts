import { type ChannelCredentials, type ClientOptions, makeClientConstructor } from '@grpc/grpc-js';
import type { ControlServiceClient } from '../generated/micronets/wsproxy/control/v1/ControlService.js';
import { CONTROL_SERVICE, controlService } from './contract.js';

/** Largest answer that a client takes, bytes: room for a page of 500 sessions whose certificates have long names. */
export const MAX_ANSWER_BYTES = 67_108_864;

/** A client of the control service; it connects at its first call. `address` as grpc-js has it: `host:port` or `unix:/path`. */
export function controlClient(
  address: string,
  credentials: ChannelCredentials,
  options: ClientOptions = {},
): ControlServiceClient {
  const Client = makeClientConstructor(controlService, CONTROL_SERVICE);
  const client = new Client(address, credentials, {
    'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
    ...options,
  });
  return client as unknown as ControlServiceClient;
}
