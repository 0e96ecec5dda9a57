import { status as Code, type ServerUnaryCall, type ServiceDefinition, type sendUnaryData } from '@grpc/grpc-js';
import type { Memory } from '../../history/memory.js';
import { EDGE_LOGS } from '../rpc/rights.js';
import { handshakesIn } from './handshake-logs.js';
import { handshakeWords } from './handshake-words.js';

const asIs = (bytes: Buffer): Buffer => bytes;

/** The one call of OTLP's logs service, by which the edge tells of handshakes that it ended. */
export const edgeLogsService: ServiceDefinition = {
  Export: {
    path: `${EDGE_LOGS}Export`,
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  },
};

/** An ExportLogsServiceResponse: everything was taken. */
const TAKEN = Buffer.alloc(0);

/** Takes in what the edge tells; without a memory it is taken and forgotten, so that the edge does not try again. */
export function edgeLogsHandlers(memory: Memory | undefined, now: () => number) {
  return {
    Export: (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>): void => {
      try {
        for (const told of handshakesIn(call.request)) {
          const { failure, remote, subject, fingerprint, serverName, at } = told;
          const when = at === 0 ? now() : at;
          memory?.handshakeRefused({
            at: when,
            detail: handshakeWords(failure),
            target: serverName,
            remote,
            subject,
            fingerprint,
          });
        }
        done(null, TAKEN);
      } catch {
        done({ code: Code.INVALID_ARGUMENT, details: 'no logs of OTLP' });
      }
    },
  };
}
