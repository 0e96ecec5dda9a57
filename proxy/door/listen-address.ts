/** An address to listen on. */
export type ListenAddress =
  | { readonly t: 'unix'; readonly path: string }
  | { readonly t: 'tcp'; readonly host: string; readonly port: number };

/** Longest path of a unix socket, bytes: `sun_path` less its final NUL (Linux, unix(7)). */
export const MAX_SOCKET_PATH_BYTES = 107;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;

/** Reads `unix:PATH` or `HOST:PORT` (an IPv6 host in brackets). */
export function parseListen(text: string): { readonly ok: ListenAddress } | { readonly fault: string } {
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length);
    if (path === '') return { fault: 'the path of the socket is missing' };
    const bytes = Buffer.byteLength(path);
    if (bytes > MAX_SOCKET_PATH_BYTES) {
      return {
        fault: `the path of the socket has ${bytes} bytes, the system allows ${MAX_SOCKET_PATH_BYTES}: use a shorter one`,
      };
    }
    return { ok: { t: 'unix', path } };
  }
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || port > 65_535) return { fault: 'it is neither unix:PATH nor HOST:PORT' };
  return { ok: { t: 'tcp', host, port } };
}

/** `unix:PATH`, or a TCP address that only this machine reaches. */
export type LocalAddress = `unix:${string}` | `${'127.0.0.1' | '[::1]' | 'localhost'}:${number}`;

/** Reads an address that nobody on the network reaches: a process that reaches it could claim any identity. */
export function parseLocalListen(text: string): { readonly ok: LocalAddress } | { readonly fault: string } {
  const address = parseListen(text);
  if ('fault' in address) return address;
  if (address.ok.t === 'unix') return { ok: `unix:${address.ok.path}` };
  const { host, port } = address.ok;
  if (isLoopback(host)) return { ok: `${host.includes(':') ? `[${host}]` : host}:${port}` as LocalAddress };
  return { fault: 'whoever reaches it could claim any identity: use unix:PATH or a loopback address' };
}

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
