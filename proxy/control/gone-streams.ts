import type { Http2Server, ServerHttp2Stream } from 'node:http2';
import type { Server } from '@grpc/grpc-js';

/**
 * Keeps streams that are already gone from a gRPC server. A client that opens and resets a stream in one write would otherwise end the
 * process: grpc-js answers a stream that is not one of its calls without checking whether it is still open, and Node throws. Call it once
 * the server has its connection injector. Throws where the library is not built as this expects.
 */
export function keepGoneStreamsFrom(server: Server): void {
  const { http2Servers } = server as unknown as { readonly http2Servers?: ReadonlyMap<Http2Server, unknown> };
  const [http2, ...others] = http2Servers?.keys() ?? [];
  const [serve, ...more] = http2?.listeners('stream') ?? [];
  if (http2 === undefined || serve === undefined || others.length + more.length > 0) {
    throw new Error('grpc-js has another way to its streams than this version of ws-proxy knows');
  }
  http2.removeAllListeners('stream');
  http2.on('stream', (stream: ServerHttp2Stream, ...rest: unknown[]) => {
    if (!stream.destroyed && !stream.closed) serve.call(http2, stream, ...rest);
    // The reason for the reset no longer matters, but an error without a listener would end the process too.
    else stream.on('error', () => {});
  });
}
