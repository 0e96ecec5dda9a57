import type { Http2Server, ServerHttp2Stream } from 'node:http2';
import type { Server } from '@grpc/grpc-js';

/**
 * Keeps streams that are gone from a gRPC server. One that is opened and reset in one write is gone before anybody hears of it; grpc-js
 * answers what is no call of its own without a look, Node throws at that, and the throw would end the process. Whoever may connect could
 * have it so. Called once the server has its connection injector; throws where the library is not built as this expects.
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
    // Why it was reset is nobody's business any more, and an error that nobody hears ends the process too.
    else stream.on('error', () => {});
  });
}
