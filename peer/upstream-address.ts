/** The HTTP API that `--upstream` names. */
export interface UpstreamAddress {
  /** `http:` or `https:`; `http://localhost` with the path, where the API is on a unix socket. */
  readonly url: URL;
  readonly socketPath?: string;
}

/** Bytes of a unix socket's path; the system takes no more. */
const MAX_SOCKET_PATH = 107;

/** Reads `http(s)://HOST[:PORT][/PATH]` or `unix:SOCKET[:/PATH]`; a text as the result says what is wrong. */
export function parseUpstream(text: string): UpstreamAddress | string {
  const [, socketPath, base = '/'] = /^unix:(.*?)(?::(\/.*))?$/s.exec(text) ?? [];
  if (socketPath !== undefined) {
    const bytes = Buffer.byteLength(socketPath);
    if (bytes === 0 || bytes > MAX_SOCKET_PATH || socketPath.includes('\0')) {
      return `The path of the socket behind unix: must have 1 to ${MAX_SOCKET_PATH} bytes.`;
    }
    const url = new URL(`http://localhost${base}`);
    return isPlain(url, base) ? { url, socketPath } : NOT_PLAIN;
  }
  if (!URL.canParse(text)) return 'It is not a URL.';
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) return 'It must start with http://, https:// or unix:.';
  return isPlain(url, text) ? { url } : NOT_PLAIN;
}

/** The form of an address in messages; it can be read again. */
export function upstreamText({ url, socketPath }: UpstreamAddress): string {
  if (socketPath === undefined) return `${url.origin}${url.pathname}`;
  return url.pathname === '/' ? `unix:${socketPath}` : `unix:${socketPath}:${url.pathname}`;
}

const NOT_PLAIN = 'It must have no query, fragment, user or password.';

function isPlain(url: URL, text: string): boolean {
  return url.username === '' && url.password === '' && !/[?#]/.test(text);
}
