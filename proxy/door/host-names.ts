import type { IncomingMessage } from 'node:http';

/** Names that nobody outside can have in the public DNS: without a dot, or below a name that is kept for private use. */
const PRIVATE_NAME = '[a-z0-9_-]+|[a-z0-9_.-]+\\.(?:localhost|local|internal|svc)';
const ADDRESS = '[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+\\]';

/**
 * The `Host` headers of a plain HTTP page that no web page of another site can send: an address, a name that only the own network
 * resolves, or one of those given. A site that has its name resolved to an address in here (DNS rebinding) sends its own name.
 * For Node and for RE2 alike, and the whole header; to be compared without regard to case.
 */
export function ownHosts(names: readonly string[]): string {
  if (names.includes('any')) return '.*';
  const given = names.map((name) => name.toLowerCase().replaceAll('.', '\\.'));
  return `(?:${[ADDRESS, PRIVATE_NAME, ...given].join('|')})\\.?(?::[0-9]{1,5})?`;
}

/** Why a request is not answered; undefined when it may be. A client without a Host is no browser. */
export function hostGuard(names: readonly string[]): (request: IncomingMessage) => string | undefined {
  const own = new RegExp(`^${ownHosts(names)}$`, 'i');
  return ({ headers: { host } }) => {
    if (host === undefined || own.test(host)) return undefined;
    return 'this Host is not one of ours: ask by an address, or name the host in --metrics-names';
  };
}
